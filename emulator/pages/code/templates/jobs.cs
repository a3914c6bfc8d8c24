using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

class Program
{
    const string Url = {{url}};
    const string ApiKey = {{apiKey}}; // Replace this with a key of the endpoint
    const string storage = {{storage}}; // Replace this; upload the input there first

    // Replace the locations with your own. An input is a CSV file with a header row.
    static readonly object Payload = {{body}};

    static readonly HttpClient Service = new HttpClient();

    static async Task Main()
    {
        Service.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        string submitted = await Send(HttpMethod.Post, Url + "?api-version=2.0", JsonSerializer.Serialize(Payload));
        string jobId = JsonSerializer.Deserialize<string>(submitted);
        Console.WriteLine("Job " + jobId + " is submitted");
        await Send(HttpMethod.Post, Url + "/" + jobId + "/start?api-version=2.0", "");
        while (true)
        {
            using var job = JsonDocument.Parse(await Send(HttpMethod.Get, Url + "/" + jobId + "?api-version=2.0", null));
            string status = job.RootElement.GetProperty("StatusCode").GetString();
            Console.WriteLine("Job " + jobId + ": " + status);
            if (status == "Finished")
            {
                await Save(job.RootElement.GetProperty("Results"));
                return;
            }
            if (status == "Failed" || status == "Cancelled")
            {
                throw new Exception(job.RootElement.GetProperty("Details").GetString() ?? status);
            }
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    static async Task<string> Send(HttpMethod method, string address, string body)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Service.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        if (response.IsSuccessStatusCode) return answer;
        throw new Exception("The request failed with status code " + (int)response.StatusCode + ": " + answer);
    }

    // Downloads every result; its location is the three parts in a row. The storage account must not get our key.
    static async Task Save(JsonElement results)
    {
        using var download = new HttpClient();
        foreach (JsonProperty result in results.EnumerateObject())
        {
            string Part(string name) => result.Value.GetProperty(name).GetString();
            byte[] bytes = await download.GetByteArrayAsync(Part("BaseLocation") + Part("RelativeLocation") + Part("SasBlobToken"));
            string file = result.Name + Path.GetExtension(Part("RelativeLocation"));
            await File.WriteAllBytesAsync(file, bytes);
            Console.WriteLine("The result " + result.Name + " is in the file " + file);
        }
    }
}
