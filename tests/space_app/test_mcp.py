"""The front page's endpoints as tools for agents, through the official client of the Model Context Protocol."""

import httpx2
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from tests.processes import finish
from tests.space_app.test_app_endpoints import FLIGHT


def test_an_agent_finds_the_endpoints_and_calls_them(app, client):
    address = f"http://127.0.0.1:{app.port}/gradio_api/mcp/"
    # The first request must not choose the server that all tools are called on.
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body["params"] = {"name": "predict_landing", "arguments": FLIGHT}
    headers = {"Accept": "application/json, text/event-stream", "Host": "127.0.0.1:1"}
    forged = httpx2.post(address, json=body, headers=headers, trust_env=False, timeout=60)
    assert "'probability'" in forged.text

    async def talk():
        async with (
            streamable_http_client(address) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            listed = (await session.list_tools()).tools
            good = await session.call_tool("predict_landing", FLIGHT)
            wrong = await session.call_tool("predict_landing", FLIGHT | {"landing_type": 5})
            return {tool.name: tool for tool in listed}, good, wrong

    tools, good, wrong = finish(talk())
    assert {"mission_control", "predict_landing", "classify_title", "fly_lander"} <= set(tools)
    assert "probability that a Falcon 9 booster lands" in tools["predict_landing"].description
    assert set(FLIGHT) <= set(tools["predict_landing"].inputSchema["properties"])
    chance = client.predict(**FLIGHT, api_name="/predict_landing")["probability"]
    assert not good.isError
    assert f"'probability': {chance}" in good.content[0].text
    assert wrong.isError
