import json
import os
import time
import urllib.error
import urllib.request

url = {{url}}
api_key = {{apiKey}}  # Replace this with a key of the endpoint
storage = {{storage}}  # Replace this; upload the input there first

# Replace the locations with your own. An input is a CSV file with a header row.
payload = {{body}}


def call(method, address, body=None):
    """Sends a request; gives its answer from JSON, or None when the answer is empty."""
    data = None if method == "GET" else b"" if body is None else json.dumps(body).encode("utf-8")
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + api_key}
    request = urllib.request.Request(address, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request) as response:
        text = response.read().decode("utf-8")
    return json.loads(text) if text else None


def save(results):
    """Downloads every result; its location is the three parts in a row."""
    for port, blob in results.items():
        address = blob["BaseLocation"] + blob["RelativeLocation"] + blob["SasBlobToken"]
        file_name = port + os.path.splitext(blob["RelativeLocation"])[1]
        urllib.request.urlretrieve(address, file_name)
        print("The result " + port + " is in the file " + file_name)


try:
    job_id = call("POST", url + "?api-version=2.0", payload)
    print("Job " + job_id + " is submitted")
    call("POST", url + "/" + job_id + "/start?api-version=2.0")
    while True:
        job = call("GET", url + "/" + job_id + "?api-version=2.0")
        print("Job " + job_id + ": " + job["StatusCode"])
        if job["StatusCode"] == "Finished":
            save(job["Results"])
            break
        if job["StatusCode"] in ("Failed", "Cancelled"):
            raise SystemExit(job["Details"] or 1)
        time.sleep(1)
except urllib.error.HTTPError as error:
    print("The request failed with status code " + str(error.code))
    print(error.headers)
    print(error.read().decode("utf-8"))
    raise SystemExit(1)
