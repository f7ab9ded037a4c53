// Every call of the official JavaScript client, once: node js_client.mjs, with HUB, TOKEN and OWNER in the environment,
// prints the result of each as JSON on its last line. Run `npm install @huggingface/hub` next to it first.
import * as hub from "@huggingface/hub";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
const at = { hubUrl: process.env.HUB, accessToken: process.env.TOKEN };
const owner = process.env.OWNER;
const repo = { type: "model", name: `${owner}/from-js` };
const blob = (content) => new Blob([content]);
const all = async (iterator) => { const found = []; for await (const item of iterator) found.push(item); return found; };
const results = {};
async function call(name, make) {
  try { results[name] = { ok: await make() }; }
  catch (error) { results[name] = { error: `${error.statusCode ?? ""} ${error.message} ${error.url ?? ""}`.trim() }; }
}
await call("whoAmI", async () => { const me = await hub.whoAmI(at); return [me.type, me.name, me.auth.accessToken.role]; });
await call("createRepo", async () => (await hub.createRepo({ repo, ...at, license: "mit", files: [{ path: "first.txt", content: blob("1") }] })).repoUrl.replace(at.hubUrl, ""));
await call("uploadFile", async () => (await hub.uploadFile({ repo, ...at, useXet: false, file: { path: "config.json", content: blob("{}") } })).commit.oid.length);
await call("uploadFile large", async () => (await hub.uploadFile({ repo, ...at, useXet: false, file: { path: "weights.bin", content: blob(new Uint8Array(5000)) } })).commit.oid.length);
await call("uploadFile xet", async () => (await hub.uploadFile({ repo, ...at, file: { path: "xet.bin", content: blob(new Uint8Array(500000).fill(7)) } })).commit.oid.length);
await call("uploadFiles", async () => (await hub.uploadFiles({ repo, ...at, useXet: false, files: [{ path: "a/1.txt", content: blob("1") }, { path: "a/2.txt", content: blob("2") }] })).commit.oid.length);
await call("uploadFilesWithProgress", async () => (await all(hub.uploadFilesWithProgress({ repo, ...at, useXet: false, files: [{ path: "b.txt", content: blob("b") }] }))).length > 0);
await call("modelInfo", async () => (await hub.modelInfo({ name: repo.name, ...at })).name);
await call("repoExists", () => hub.repoExists({ repo, ...at }));
await call("checkRepoAccess", async () => (await hub.checkRepoAccess({ repo, ...at })) ?? "let in");
await call("listFiles", async () => (await all(hub.listFiles({ repo, ...at, recursive: true }))).filter((f) => f.type === "file").map((f) => f.path));
await call("pathsInfo", async () => (await hub.pathsInfo({ repo, ...at, paths: ["weights.bin", "none"], expand: true })).map((f) => [f.path, f.lfs?.size]));
await call("fileExists", async () => [await hub.fileExists({ repo, ...at, path: "b.txt" }), await hub.fileExists({ repo, ...at, path: "none" })]);
await call("fileDownloadInfo", async () => { const i = await hub.fileDownloadInfo({ repo, ...at, path: "weights.bin" }); return [i.size, i.etag.length]; });
await call("downloadFile", async () => (await (await hub.downloadFile({ repo, ...at, path: "config.json" })).text()));
await call("downloadFile large", async () => (await (await hub.downloadFile({ repo, ...at, path: "weights.bin" })).arrayBuffer()).byteLength);
await call("downloadFile xet", async () => (await (await hub.downloadFile({ repo, ...at, path: "xet.bin" })).arrayBuffer()).byteLength);
const cache = await mkdtemp(join(tmpdir(), "js-"));
await call("downloadFileToCacheDir", async () => (await hub.downloadFileToCacheDir({ repo, ...at, cacheDir: cache, path: "b.txt" })).endsWith("b.txt"));
await call("snapshotDownload", async () => (await hub.snapshotDownload({ repo, ...at, cacheDir: cache })).includes("snapshots"));
await rm(cache, { recursive: true });
await call("createBranch", async () => (await hub.createBranch({ repo, ...at, branch: "side" })) ?? "made");
await call("commit", async () => (await hub.commit({ repo, ...at, useXet: false, branch: "side", title: "both", operations: [{ operation: "addOrUpdate", path: "c.txt", content: blob("c") }, { operation: "delete", path: "b.txt" }] })).commit.oid.length);
await call("listCommits", async () => (await all(hub.listCommits({ repo, ...at, revision: "side" })))[0].title);
await call("countCommits", () => hub.countCommits({ repo, ...at, revision: "main" }));
await call("deleteBranch", async () => (await hub.deleteBranch({ repo, ...at, branch: "side" })) ?? "gone");
await call("deleteFile", async () => (await hub.deleteFile({ repo, ...at, path: "b.txt" })).commit.oid.length);
await call("deleteFiles", async () => (await hub.deleteFiles({ repo, ...at, paths: ["a/1.txt", "a/2.txt"] })).commit.oid.length);
await call("listModels", async () => (await all(hub.listModels({ ...at, search: { owner } }))).map((m) => m.name));
await call("createRepo dataset", async () => (await hub.createRepo({ repo: `datasets/${owner}/data`, ...at, private: true })).id.length);
await call("datasetInfo", async () => { const i = await hub.datasetInfo({ name: `${owner}/data`, ...at }); return [i.name, i.private]; });
await call("listDatasets", async () => (await all(hub.listDatasets({ ...at, search: { owner } }))).map((m) => m.name));
await call("createRepo space", async () => (await hub.createRepo({ repo: `spaces/${owner}/page`, ...at, sdk: "static" })).repoUrl.replace(at.hubUrl, ""));
await call("spaceInfo", async () => { const i = await hub.spaceInfo({ name: `${owner}/page`, ...at }); return [i.name, i.sdk]; });
await call("listSpaces", async () => (await all(hub.listSpaces({ ...at, search: { owner } }))).map((m) => m.name));
await call("createCollection", async () => (await hub.createCollection({ ...at, collection: { namespace: owner, title: "Best of", item: { id: repo.name, type: "model" } } })).slug.split("/")[0]);
await call("listCollections", async () => (await all(hub.listCollections({ ...at, search: { owner: [owner] } }))).map((c) => c.title));
await call("deleteRepo", async () => (await hub.deleteRepo({ repo, ...at })) ?? "gone");
await call("repoExists after", () => hub.repoExists({ repo, ...at }));
console.log(JSON.stringify(results));
