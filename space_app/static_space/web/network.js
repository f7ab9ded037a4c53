// ONNX Runtime in WebAssembly, which comes with this page.

import * as ort from '../runtime/ort.wasm.bundle.min.mjs';

import {read} from './hub.js';
import {Mistake} from './words.js';

ort.env.wasm.numThreads = 1; // more threads need headers that a static Space does not send
ort.env.wasm.wasmPaths = {wasm: new URL('../runtime/ort-wasm-simd-threaded.wasm', import.meta.url).href};
ort.env.logLevel = 'error';

export const Tensor = ort.Tensor;

/** Open a published network. */
export async function open(file, progress) {
  const bytes = await read(file, progress);
  try {
    return await ort.InferenceSession.create(bytes, {executionProviders: ['wasm']});
  } catch (error) {
    throw new Mistake(`Cannot read the published model: ${String(error.message ?? error).slice(0, 200)}.`, 'Deploy the Space again.');
  }
}
