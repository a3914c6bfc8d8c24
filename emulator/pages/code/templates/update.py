import json
import urllib.error
import urllib.request

url = {{url}}
api_key = {{apiKey}}  # Replace this with a key of the endpoint

# Replace the location with the one that the finished training job gives for its model
data = {{body}}

request = urllib.request.Request(
    url,
    data=json.dumps(data).encode("utf-8"),
    headers={"Content-Type": "application/json", "Authorization": "Bearer " + api_key},
    method="PATCH",
)

try:
    with urllib.request.urlopen(request) as response:
        print("The endpoint is updated: status code " + str(response.status))
except urllib.error.HTTPError as error:
    print("The request failed with status code " + str(error.code))
    print(error.headers)
    print(error.read().decode("utf-8"))
    raise SystemExit(1)
