"""Judges argument lists by the parser of the Azure CLI that is installed, all in one process. Nothing is sent: each stops where az would begin.

    python3 parse.py < lists, one JSON array of arguments a line

Answers a JSON array a line: null where az understands the list as it is written, else why not.
"""
import contextlib
import io
import json
import logging
import sys

from azure.cli.core import get_default_cli
from knack.events import EVENT_INVOKER_POST_PARSE_ARGS


class Understood(BaseException):
    """Raised as soon as az has parsed; no Exception, because az would report those."""


def stop(*_, **__):
    raise Understood()


def judge(arguments):
    az = get_default_cli()
    az.register_event(EVENT_INVOKER_POST_PARSE_ARGS, stop)
    said = io.StringIO()
    log = logging.StreamHandler(said)
    log.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            logging.getLogger('cli').addHandler(log)
            az.invoke(arguments, out_file=said)
        # az reported it itself: what it could not even load.
        return 'not loaded: ' + said.getvalue().strip()[:300]
    except Understood:
        words = [a for a in arguments[:next((i for i, a in enumerate(arguments) if a.startswith('-')), len(arguments))]]
        known = az.invocation.parser.subparser_map[' '.join(words)]._option_string_actions
        # az completes abbreviations; what is written here is to be whole.
        part = [a for a in arguments if a.startswith('-') and a not in known]
        return 'abbreviated: ' + ' '.join(part) if part else None
    except SystemExit as end:
        return f'exit {end.code}: ' + said.getvalue().strip()[:300]
    finally:
        logging.getLogger('cli').removeHandler(log)


for given in sys.stdin:
    print(json.dumps(judge(json.loads(given))))
