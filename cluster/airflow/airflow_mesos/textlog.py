"""
The task's log as text on standard output, for those who read the sandbox.

One line for each record: time in UTC, level, logger, message, and what else there is as `name=value`. The file below
`logs/` stays JSON, as Airflow's UI wants it.
"""

from __future__ import annotations

import io
import linecache
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

#: The same in every record of one task, or of use to programs only.
_SILENT = frozenset(
    {"dag_id", "task_id", "run_id", "try_number", "map_index", "ti_id", "ti"}
    | {"loc", "filename", "lineno", "func_name", "module", "logger_name", "positional_args"}
)


def write_text_logs(output: TextIO | None = None) -> None:
    """
    Have all that this process and its task log appear on standard output as text. Imports Airflow.

    `output`: in place of standard output.
    """
    import structlog  # noqa: PLC0415 - not before the ticket is redeemed
    from airflow.sdk.log import configure_logging  # noqa: PLC0415

    output = output or io.TextIOWrapper(
        sys.stdout.buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
    configure_logging(output=output, json_output=False, colored_console_log=False)
    # Airflow's chain of processors, which masks secrets, stays; only its last member, which draws the line, is ours.
    processors = list(structlog.get_config()["processors"])
    structlog.configure(processors=[*processors[:-1], _drop_ends_of_groups, render])
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter):
            handler.formatter.processors = (*handler.formatter.processors[:-1], render)


def _drop_ends_of_groups(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leave out what only folds lines in Airflow's UI."""
    import structlog  # noqa: PLC0415

    if event.get("event") == "::endgroup::":
        raise structlog.DropEvent
    return event


def render(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """Draw one record, the traceback of an exception below it."""
    record = dict(event)
    level = str(record.pop("level", "info")).upper()
    head = f"{_time(record.pop('timestamp', None))} {level:<8} {record.pop('logger', None) or 'task'}"
    message = str(record.pop("event", "")).removeprefix("::group::")
    detail = record.pop("error_detail", None) or record.pop("exception", None)
    trace = _traceback_of(detail) or _own_traceback(record.pop("exc_info", None))
    stack = record.pop("stack", None)
    rest = " ".join(f"{name}={_value(value)}" for name, value in record.items() if name not in _SILENT)
    parts = [f"{head} {message}".rstrip() + (f"  {rest}" if rest else ""), stack, trace]
    return "\n".join(str(part).rstrip("\n") for part in parts if part)


def _time(stamp: object) -> str:
    moment = stamp if isinstance(stamp, datetime) else datetime.now(tz=UTC)
    if isinstance(stamp, str):
        try:
            moment = datetime.fromisoformat(stamp)
        except ValueError:
            return stamp
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _value(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return repr(text) if isinstance(value, str) and (not text or any(c.isspace() for c in text)) else text


def _own_traceback(exc_info: Any) -> str | None:
    if isinstance(exc_info, BaseException):
        return "".join(traceback.format_exception(exc_info))
    if isinstance(exc_info, tuple) and exc_info[0] is not None:
        return "".join(traceback.format_exception(*exc_info))
    if exc_info and not isinstance(exc_info, tuple) and sys.exc_info()[0] is not None:
        return traceback.format_exc()
    return None


def _traceback_of(detail: Any) -> str | None:
    """Draw as Python does what the task's process sent as data: exceptions, the outermost first."""
    if isinstance(detail, str):
        return detail
    if not isinstance(detail, list) or not all(isinstance(each, Mapping) for each in detail):
        return None
    blocks: list[str] = []
    for position, each in enumerate(detail):
        blocks.insert(0, _exception(each))
        if position + 1 < len(detail):
            # Whether it was `raise … from` stands with the cause.
            cause = detail[position + 1].get("is_cause")
            blocks.insert(
                0,
                "\nThe above exception was the direct cause of the following exception:\n"
                if cause
                else "\nDuring handling of the above exception, another exception occurred:\n",
            )
    return "\n".join(blocks)


def _exception(each: Mapping[str, Any]) -> str:
    frames = each.get("frames") or []
    lines = ["Traceback (most recent call last):"] if frames else []
    theirs = next((position for position, frame in enumerate(frames) if not _is_airflows(frame)), 0)
    if theirs:
        # How Airflow came to call the task is the same each time, and stands in the JSON file.
        lines.append(f"  ({theirs} frames of Airflow)")
    for frame in frames[theirs:]:
        name, number = str(frame.get("filename")), int(frame.get("lineno") or 0)
        lines.append(f'  File "{name}", line {number}, in {frame.get("name")}')
        if source := linecache.getline(name, number).strip():
            lines.append(f"    {source}")
    value = each.get("exc_value")
    lines.append(f"{each.get('exc_type')}: {value}" if value else str(each.get("exc_type")))
    lines += [str(note) for note in each.get("exc_notes") or []]
    return "\n".join(lines)


def _is_airflows(frame: Mapping[str, Any]) -> bool:
    return "/site-packages/airflow/" in str(frame.get("filename"))
