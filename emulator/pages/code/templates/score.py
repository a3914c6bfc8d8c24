import json
import urllib.error
import urllib.request

url = {{url}}
api_key = {{apiKey}}  # Replace this with a key of the endpoint

data = {{body}}

request = urllib.request.Request(
    url,
    data=json.dumps(data).encode("utf-8"),
    headers={"Content-Type": "application/json", "Authorization": "Bearer " + api_key},
)

try:
    with urllib.request.urlopen(request) as response:
        result = json.load(response)
    print(json.dumps(result, indent=2))
except urllib.error.HTTPError as error:
    print("The request failed with status code " + str(error.code))
    # The headers hold the request's id and time, which help to find the failure
    print(error.headers)
    print(error.read().decode("utf-8"))
    raise SystemExit(1)
