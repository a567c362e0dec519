"""The steps that the Python clients perform; what a client takes and prints is in README.md."""

import json
import re

LABEL = 'Größe <1> & "2"'
LABEL_IN_STORE = "auf Deutsch"


def perform(login, product, content):
    """Performs every step with the calls that login answers, and prints what came of each."""
    calls = None
    directory = f"/{product[0]}/{product[1]}"
    first, second = f"{directory}/{product}.gif", f"{directory}/{product}_1.gif"

    def log_in():
        nonlocal calls
        calls = login()
        expect(True, re.fullmatch("[0-9a-f]{32}", calls.session) is not None)

    def create():
        file = {"name": product, "mime": "image/gif", "content": content}
        data = {"file": file, "label": LABEL, "exclude": "0"}
        expect(first, calls.create(product, {**data, "types": ["image", "thumbnail"]}))
        expect(second, calls.create(product, data))

    def list_images():
        fields = ("file", "label", "position", "exclude", "types")
        received = [[image[field] for field in fields] for image in calls.list(product)]
        expect([[first, LABEL, "1", "0", ["image", "thumbnail"]], [second, LABEL, "2", "0", []]], received)

    def update_in_store():
        expect(True, calls.update(product, second, {"label": LABEL_IN_STORE}, "german"))
        expect(LABEL_IN_STORE, calls.info(product, second, "german")["label"])
        expect(LABEL, calls.info(product, second)["label"])

    def remove():
        expect(True, calls.remove(product, second))
        expect([first], [image["file"] for image in calls.list(product)])

    step("login", log_in)
    step("create", create)
    step("list", list_images)
    step("updateInStore", update_in_store)
    step("remove", remove)
    step("fault101", lambda: expect("101", calls.fault_of(lambda: calls.list("no such product"))))
    step("fault103", lambda: expect("103", calls.fault_of(lambda: calls.info(product, "/n/o/none.gif"))))


def step(name, check):
    detail = ""
    try:
        check()
    except Exception as error:  # whatever a client throws is what the step has come to
        detail = f"{type(error).__name__}: {error}" or type(error).__name__
    print(json.dumps({"step": name, "ok": detail == "", "detail": detail}))


def expect(expected, received):
    if expected != received:
        raise AssertionError(f"expected {expected!r}, received {received!r}")
