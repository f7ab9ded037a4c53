"""Sessions (gradio/state_holder.py).

For every session, and for every call without one, `SessionState` builds the configuration of every component of
the page in the event loop, and keeps it. Only deep links and components that an event changes read it. Here
each configuration is built when it is first read, and a value is stored only in a configuration that exists.

Upstream: https://github.com/gradio-app/gradio/issues/11602

The queue keeps a set of calls for every past session, empty once its calls are done. Here the set is removed with
the session.

Upstream: https://github.com/gradio-app/gradio/pull/13756

Each second, Gradio looks for expired states in all sessions of each page, although few sessions have any. With
1,000 sessions this takes a hundredth of a core. Here it looks only at sessions with states.
"""

import itertools
from copy import copy

from gradio import state_holder
from gradio.blocks import Blocks, BlocksConfig


class LazyConfigs(dict):
    """The configuration of each component of a session by id, built when it is read."""

    def __init__(self, config: BlocksConfig, blocks: Blocks):
        super().__init__()
        self._config, self._blocks = config, blocks

    def items(self):
        """Return the configurations of all components."""
        for key, block in self._config.blocks.items():
            if key in self._blocks.blocks and key not in self:
                self[key] = self._config.config_for_block(key, [], block)
        return super().items()


def _begin(self: state_holder.SessionState, blocks: Blocks) -> None:
    self.blocks_config = copy(blocks.default_config)
    self.config_values = LazyConfigs(self.blocks_config, blocks)
    self.state_data, self._state_ttl, self.is_closed = {}, {}, False
    self.STATE_TTL_WHEN_CLOSED = 3600


state_holder.SessionState.__init__ = _begin


_keep_value = state_holder.SessionState._update_value_in_config


def _keep_value_if_read(self: state_holder.SessionState, key: int, value: object) -> None:
    """Store a component's value in its configuration if that has been built; only deep links read it."""
    if key in self.config_values:
        _keep_value(self, key, value)


state_holder.SessionState._update_value_in_config = _keep_value_if_read


_update = state_holder.StateHolder.update


def _forget(self: state_holder.StateHolder, session: str) -> None:
    """Remove the oldest session as Gradio does, together with what the queue stores for it."""
    # At most one session is removed: the first, or the second if the first is now the newest.
    oldest = list(itertools.islice(self.session_data, 2))
    _update(self, session)
    queue = self.blocks._queue
    for gone in oldest:
        if gone not in self.session_data and not queue.pending_event_ids_session.get(gone):
            queue.pending_event_ids_session.pop(gone, None)


state_holder.StateHolder.update = _forget


def _delete_expired(self: state_holder.StateHolder) -> None:
    """Delete the expired states of all sessions."""
    for session in [name for name, kept in list(self.session_data.items()) if kept.state_data]:
        self.delete_state(session, expired_only=True)


state_holder.StateHolder.delete_all_expired_state = _delete_expired
