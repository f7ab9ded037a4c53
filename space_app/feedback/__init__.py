"""Visitors' feedback on answers, kept in a dataset of the operator. Off unless SPACEHUB_FEEDBACK names one."""
