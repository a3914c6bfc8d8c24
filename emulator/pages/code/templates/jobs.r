library(httr)
library(jsonlite)

url = {{url}}
api_key = {{apiKey}}  # Replace this with a key of the endpoint
storage = {{storage}}  # Replace this; upload the input there first

# Replace the locations with your own. An input is a CSV file with a header row.
payload = {{body}}

authorization = add_headers(Authorization = paste("Bearer", api_key))

checked = function(response) {
  if (http_error(response)) {
    stop(paste("The request failed with status code", status_code(response), content(response, as = "text")))
  }
  content(response, as = "text", encoding = "UTF-8")
}

submitted = checked(POST(
  paste0(url, "?api-version=2.0"),
  authorization,
  content_type_json(),
  body = toJSON(payload, auto_unbox = TRUE)
))
job_id = gsub("\"", "", submitted)
print(paste("Job", job_id, "is submitted"))
checked(POST(paste0(url, "/", job_id, "/start?api-version=2.0"), authorization, body = ""))

repeat {
  job = fromJSON(checked(GET(paste0(url, "/", job_id, "?api-version=2.0"), authorization)))
  print(paste("Job", job_id, job$StatusCode))
  if (job$StatusCode %in% c("Failed", "Cancelled")) stop(job$Details)
  if (job$StatusCode == "Finished") break
  Sys.sleep(1)
}

# The location of a result is its three parts in a row
for (port in names(job$Results)) {
  blob = job$Results[[port]]
  file = paste0(port, ".", tools::file_ext(blob$RelativeLocation))
  download.file(paste0(blob$BaseLocation, blob$RelativeLocation, blob$SasBlobToken), file, mode = "wb")
  print(paste("The result", port, "is in the file", file))
}
