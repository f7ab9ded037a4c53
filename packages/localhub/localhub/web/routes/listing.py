"""Lists of models, datasets and Spaces: filtered, sorted, in pages."""

from functools import partial
from typing import Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.ids import RepoType
from localhub.web.call import PAGE_SIZE, Call, endpoint
from localhub.web.expand import check_expand
from localhub.web.info import repo_info
from localhub.web.visible import unless_broken, visible_summaries

_SORT_KEYS = {
    "lastModified": "lastModified",
    "last_modified": "lastModified",
    "createdAt": "createdAt",
    "created_at": "createdAt",
    "downloads": "downloads",
    "likes": "likes",
    "trendingScore": "trendingScore",
    "trending_score": "trendingScore",
}
# Fields that a list leaves out unless "full" (or, for the last one, "cardData") is requested.
_ONLY_FULL = {"model-index", "config", "usedStorage", "cardData", "downloadsAllTime", "spaces"}


def repos(call: Call) -> JSONResponse:
    """List the repos that the caller may see, in pages."""
    query, expand = call.request.query_params, call.expand
    check_expand(call.type, expand)
    limit = call.number("limit", PAGE_SIZE, low=1, high=PAGE_SIZE)
    skip = call.number("skip", 0, low=0, high=1 << 30)
    sort = query.get("sort", "trendingScore")
    if sort not in _SORT_KEYS:
        raise HubError(400, f"`sort` must be one of {', '.join(_SORT_KEYS)}.")

    found = []
    for item in visible_summaries(call, call.type, query.get("author")):
        if _matches(call, item[0]):
            found.append(item)
    key = _SORT_KEYS[sort]
    found.sort(
        key=lambda item: (item[0][key], item[0]["lastModified"]), reverse=query.get("direction", "-1") == "-1"
    )

    page = []
    for info, repo, settings, snapshot in found[skip : skip + limit]:
        if expand or call.flag("full"):
            described = partial(repo_info, repo, settings, snapshot, expand=expand or None)
            info = unless_broken(repo, described) or info
        else:
            kept = {"cardData"} if call.flag("cardData") else set()
            kept |= {"config"} if call.flag("config") else set()
            info = {field: value for field, value in info.items() if field not in _ONLY_FULL - kept}
        page.append(info)
    more = skip + limit < len(found)
    return JSONResponse(page, headers=call.next_page(skip=str(skip + limit)) if more else {})


def _matches(call: Call, info: dict[str, Any]) -> bool:
    """Return whether a repo matches the whole query."""
    query, tags = call.request.query_params, set(info["tags"])
    wanted = [tag for value in query.getlist("filter") for tag in value.split(",") if tag]
    if task := query.get("pipeline_tag"):
        wanted.append(task)
    wanted += [f"dataset:{name}" for name in query.getlist("datasets") if call.type is not RepoType.SPACE]
    if not all(tag in tags for tag in wanted):
        return False
    if call.type is RepoType.SPACE and not all(
        set(query.getlist(key)) <= set(info[key]) for key in ("models", "datasets")
    ):
        return False
    gated = query.get("gated")
    if gated is not None and (gated == "true") != bool(info["gated"]):
        return False
    words = [word for value in query.getlist("search") for word in value.lower().split()]
    return all(word in info["id"].lower() for word in words)


routes = [Route("/api/{type:type}", endpoint(repos))]
