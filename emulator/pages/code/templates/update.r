library(httr)
library(jsonlite)

url = {{url}}
api_key = {{apiKey}}  # Replace this with a key of the endpoint

# Replace the location with the one that the finished training job gives for its model
data = {{body}}

response = PATCH(
  url,
  add_headers(Authorization = paste("Bearer", api_key)),
  content_type_json(),
  body = toJSON(data, auto_unbox = TRUE)
)

if (http_error(response)) {
  print(paste("The request failed with status code", status_code(response)))
  print(headers(response))
  print(content(response, as = "text", encoding = "UTF-8"))
} else {
  print(paste("The endpoint is updated: status code", status_code(response)))
}
