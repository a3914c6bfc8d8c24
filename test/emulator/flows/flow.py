"""An old client's whole flow, as the guides' Python samples do it: urllib, base URL and workspace token are its arguments.

It prints one JSON object: what it saw on its way.
"""
import json
import sys
import time
import urllib.error
import urllib.request

base, workspace, token, training_name, predictive_name, csv = sys.argv[1:7]


def call(method, url, key=None, body=None):
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Authorization"] = "bearer " + key
    data = None if body is None else json.dumps(body).encode("utf-8")
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request) as response:
        text = response.read().decode("utf-8")
        return json.loads(text) if text else None


def only(items, name):
    return [item for item in items if item["Name"] == name][0]


services = f"{base}/workspaces/{workspace}/webservices"
listed = call("GET", services, token)
training = only(listed, training_name)
predictive = only(listed, predictive_name)

name = f"{services}/{predictive['Id']}/endpoints/fabrikam"
endpoint = call("PUT", name, token, {"Description": "Fabrikam", "ThrottleLevel": "High", "MaxConcurrentCalls": None})


def score():
    rows = {"Inputs": {"input1": {"ColumnNames": ["size", "colour"], "Values": [["15", "red"]]}}, "GlobalParameters": {}}
    url = endpoint["ApiLocation"] + "/execute?api-version=2.0&details=true"
    return call("POST", url, endpoint["PrimaryKey"], rows)["Results"]["output1"]["value"]["Values"][0][2]


before = score()

place = call("POST", f"{base}/admin/uploads", None, {"name": "flow.csv"})
upload = urllib.request.Request(place["url"], data=open(csv, "rb").read(), headers={"x-ms-blob-type": "BlockBlob"}, method="PUT")
urllib.request.urlopen(upload).close()

trainer = call("GET", f"{services}/{training['Id']}/endpoints", token)[0]
jobs = trainer["ApiLocation"] + "/jobs"
reference = {"ConnectionString": sys.argv[7], "RelativeLocation": "/" + place["relativeLocation"]}
submit = urllib.request.Request(
    jobs + "?api-version=2.0",
    json.dumps({"Input": reference, "GlobalParameters": {}}).encode("utf-8"),
    {"Content-Type": "application/json", "Authorization": "Bearer " + trainer["PrimaryKey"]},
)
result = urllib.request.urlopen(submit).read().decode("utf-8")
job_id = result[1:-1]
start = urllib.request.Request(
    f"{jobs}/{job_id}/start?api-version=2.0",
    b"",
    {"Content-Type": "application/json", "Authorization": "Bearer " + trainer["PrimaryKey"]},
)
urllib.request.urlopen(start).close()

seen = []
while True:
    job = call("GET", f"{jobs}/{job_id}?api-version=2.0", trainer["PrimaryKey"])
    if "status:" + job["StatusCode"] not in seen:
        seen.append("status:" + job["StatusCode"])
    if job["StatusCode"] in ("Failed", "Cancelled", "Finished"):
        break
    time.sleep(0.05)

model = job["Results"]["output1"]
evaluation = job["Results"]["output2"]
metrics = urllib.request.urlopen(evaluation["BaseLocation"] + evaluation["RelativeLocation"] + evaluation["SasBlobToken"])
call("PATCH", name, endpoint["PrimaryKey"], {"Resources": [{"Name": "Fruit [trained model]", "Location": model}]})
call("POST", f"{base}/admin/clock", None, {"forwardSeconds": 30})
after = score()
call("DELETE", f"{jobs}/{job_id}?api-version=2.0", trainer["PrimaryKey"])
call("DELETE", name, token)
try:
    call("GET", name, token)
    gone = None
except urllib.error.HTTPError as error:
    gone = {"status": error.code, "requestId": error.headers["x-ms-request-id"], "body": json.loads(error.read())}

print(json.dumps({"before": before, "after": after, "last": seen[-1], "metrics": metrics.read().decode(), "gone": gone}))
