using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

class Program
{
    const string Url = {{url}};
    const string ApiKey = {{apiKey}}; // Replace this with a key of the endpoint

    // Replace the location with the one that the finished training job gives for its model
    static readonly object Data = {{body}};

    static async Task Main()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        var body = new StringContent(JsonSerializer.Serialize(Data), Encoding.UTF8, "application/json");
        HttpResponseMessage response = await client.PatchAsync(Url, body);
        if (response.IsSuccessStatusCode)
        {
            Console.WriteLine("The endpoint is updated: status code " + (int)response.StatusCode);
            return;
        }
        Console.WriteLine("The request failed with status code " + (int)response.StatusCode);
        Console.WriteLine(response.Headers.ToString());
        Console.WriteLine(await response.Content.ReadAsStringAsync());
        Environment.ExitCode = 1;
    }
}
