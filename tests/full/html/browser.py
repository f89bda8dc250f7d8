"""A headless Chromium, spoken to through the pipe of its DevTools protocol:
no library, no port."""

import base64
import json
import os
import shutil
import subprocess
import tempfile


class Browser:
    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        self.profile = tempfile.mkdtemp()
        read, self.to_browser = os.pipe()
        self.from_browser, write = os.pipe()
        # The protocol wants descriptors 3 and 4; sh puts them there.
        self.process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (read, write), "sh",
             program, "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--hide-scrollbars",
             "--remote-debugging-pipe",
             "--user-data-dir=" + self.profile, "about:blank"],
            pass_fds=(read, write), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read)
        os.close(write)
        self.number, self.pending, self.events = 0, b"", []
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def read(self):
        while b"\0" not in self.pending:
            chunk = os.read(self.from_browser, 1 << 16)
            if not chunk:
                raise RuntimeError("Chromium is gone")
            self.pending += chunk
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if not method.startswith("Target."):
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def open(self, path, width, dark):
        """Loads a file; returns what the console, the log and the network
        have to say about it."""
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=900, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.events = []
        self.call("Page.navigate", url="file://" + path)
        while not any(e.get("method") == "Page.loadEventFired"
                      for e in self.events):
            self.events.append(self.read())
        self.evaluate("1")
        bad = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown",
               "Log.entryAdded", "Network.loadingFailed",
               "Page.javascriptDialogOpening"}
        asked = [e["params"]["request"]["url"] for e in self.events
                 if e.get("method") == "Network.requestWillBeSent"]
        return ([e for e in self.events if e.get("method") in bad]
                + [u for u in asked if u != "file://" + path])

    def evaluate(self, script):
        answer = self.call("Runtime.evaluate", expression=script,
                           returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def screenshot(self, path):
        """Of the whole page, as far as a picture can be high."""
        wide, high = self.evaluate("[innerWidth, Math.min(6000, "
                                   "document.documentElement.scrollHeight)]")
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True,
                         format="png", clip={"x": 0, "y": 0, "width": wide,
                                             "height": high, "scale": 1})
        with open(path, "wb") as f:
            f.write(base64.b64decode(shot["data"]))
        return os.path.getsize(path)

    def close(self):
        os.close(self.to_browser)
        self.process.wait()
        os.close(self.from_browser)
        shutil.rmtree(self.profile, ignore_errors=True)
