library(httr)
library(jsonlite)

url = {{url}}
api_key = {{apiKey}}  # Replace this with a key of the endpoint

data = {{body}}

response = POST(
  url,
  add_headers(Authorization = paste("Bearer", api_key)),
  content_type_json(),
  body = toJSON(data, auto_unbox = TRUE)
)

answer = content(response, as = "text", encoding = "UTF-8")
if (http_error(response)) {
  print(paste("The request failed with status code", status_code(response)))
  # The headers hold the request's id and time, which help to find the failure
  print(headers(response))
  print(answer)
} else {
  print(fromJSON(answer))
}
