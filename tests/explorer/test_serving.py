"""`samscape explore`: the server, the file, the fragment, the widget, and what is refused."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from typer.testing import CliRunner

from samscape.explorer.page import page
from samscape.explorer.serve import PageServer
from samscape.explorer.state import RuleView, fragment


def invoke(*arguments):
    from samscape.__main__ import app

    return CliRunner().invoke(app, ["explore", *map(str, arguments)])


@pytest.fixture
def server():
    with PageServer("<html>here</html>") as serving:
        thread = serving.start()
        yield serving
        serving.shutdown()
        thread.join()


def answer(server, path="/", host=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
    connection.request(method, path, headers={"Host": host} if host else {})
    response = connection.getresponse()
    found = response.status, response.read().decode()
    connection.close()
    return found


def test_the_server_is_on_loopback_and_serves_its_page_alone(server):
    assert server.server_address[0] == "127.0.0.1"
    assert answer(server) == (200, "<html>here</html>")
    assert answer(server, method="HEAD") == (200, "")
    for path in ("/index.html", "/../pyproject.toml", "/etc/passwd"):
        assert answer(server, path)[0] == 404
    assert answer(server, method="POST")[0] == 501


def test_a_foreign_name_for_this_machine_is_turned_away(server):
    assert answer(server, host="rebound.example:80")[0] == 421


def test_the_page_is_one_file_that_may_load_nothing():
    text = page("l=lucchi&a=sam,0.1,0.2,0")
    assert "default-src 'none'" in text
    assert "connect-src 'none'" in text
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?!data:)", text)
    data = re.search(r'id="samscape-data">(.*?)</script>', text)
    assert data is not None
    assert json.loads(data.group(1)) == {"fragment": "l=lucchi&a=sam,0.1,0.2,0"}
    assert text.count("</script>") == 2
    assert len(text.encode()) < 1.5e6  # the page's budget


def test_a_fragment_cannot_end_the_script_it_stands_in():
    assert "</script><b>" not in page("f=</script><b>")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("lucci",), "did you mean 'lucchi'"),
        (("x*y*z",), "one or two coordinates"),
        (("relu_network",), "no formula of one or two coordinates"),
        (("lucchi", "--rule", "esam"), "no rule 'esam'"),
        (("lucchi", "--eta", "0"), "eta > 0"),
        (("lucchi", "--preset", "beale"), "give one of them"),
        (("--preset", "bale"), "there are: saddle, beale"),
        (("--html", "portrait.png"), ".html"),
    ],
)
def test_bad_input_is_refused_before_anything_is_served(arguments, reason):
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert reason in result.stderr


def test_a_view_is_written_to_a_file_to_send(tmp_path):
    out = tmp_path / "portrait.html"
    assert invoke("x**4/4 - x*y + y**2/2", "--rule", "sam", "--rho", 0.3, "--window=-2:2", "--html", out).exit_code == 0
    text = out.read_text()
    assert "f=x%2A%2A4/4%20-%20x%2Ay%20%2B%20y%2A%2A2/2&v=x,y" in text
    assert "w=-2,2,-2,2" in text
    assert "a=sam,0.1,0.3,0" in text


def test_fragments_are_refused_where_the_page_would_not_know_them():
    assert fragment("saddle", RuleView("gd", 0.5), starts=[(1, 2)], steps=5) == "l=saddle&a=gd,0.5,0,0&t=5&s=1,2"
    for wrong in ({"layers": ["contour"]}, {"steps": 0}, {"formula": "x*y*z", "variables": "xyz"}):
        with pytest.raises(ValueError, match="explorer"):
            fragment(**wrong)


def test_ctrl_c_stops_the_server():
    process = subprocess.Popen(
        [sys.executable, "-m", "samscape", "explore", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]
        with urllib.request.urlopen(address, timeout=20) as response:
            assert b"samscape explorer" in response.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def test_the_widget_carries_the_bundle_and_the_view():
    from samscape.explorer.widget import Explorer

    view = Explorer("#l=lucchi&a=sam,0.1,0.2,0")
    assert view.begin == "l=lucchi&a=sam,0.1,0.2,0"
    view.state = {"steps": 7}
    assert "render" in str(view._esm)


def test_a_page_is_made_without_jax_or_sympy():
    work = "import sys; from samscape import __main__; from samscape.explorer.page import page; page('l=saddle')"
    heavy = "print(sorted({'jax', 'sympy', 'numpy', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"{work}; {heavy}"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
