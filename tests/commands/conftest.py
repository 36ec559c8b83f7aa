"""Commands run in this process, as the console script runs them."""

import pytest
from typer.testing import CliRunner


@pytest.fixture
def samscape(monkeypatch):
    """``samscape(*arguments)`` runs a command; the result has exit_code, stdout and stderr."""
    from samscape.__main__ import app

    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: object):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def refused(samscape):
    """``refused(*arguments)``: the one-line message of a command that must refuse its input."""

    def run(*arguments: object) -> str:
        result = samscape(*arguments)
        assert result.exit_code == 2, (result.exit_code, result.stdout, result.stderr)
        assert "Traceback" not in result.stderr
        assert result.stdout == ""
        return result.stderr.removeprefix("samscape: ").strip()

    return run
