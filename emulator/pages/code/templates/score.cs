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

    static readonly object Data = {{body}};

    static async Task Main()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        var body = new StringContent(JsonSerializer.Serialize(Data), Encoding.UTF8, "application/json");
        HttpResponseMessage response = await client.PostAsync(Url, body);
        string answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            Console.WriteLine("The request failed with status code " + (int)response.StatusCode);
            // The headers hold the request's id and time, which help to find the failure
            Console.WriteLine(response.Headers.ToString());
            Environment.ExitCode = 1;
        }
        Console.WriteLine(answer);
    }
}
