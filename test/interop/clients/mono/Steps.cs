using System;
using System.Collections.Generic;
using System.Text;
using System.Web.Services.Protocols;

/// <summary>What the clients of both WSDLs share: the steps, and how each tells its result (../README.md).</summary>
public abstract class Steps
{
    protected const string Label = "Gr\u00f6\u00dfe <1> & \"2\"";
    protected const string LabelInStore = "auf Deutsch";

    protected readonly string product;
    protected readonly string content;
    protected readonly string first;
    protected readonly string second;

    protected Steps(string product, string content)
    {
        string directory = "/" + product[0] + "/" + product[1];
        this.product = product;
        this.content = content;
        first = directory + "/" + product + ".gif";
        second = directory + "/" + product + "_1.gif";
    }

    protected abstract void Login(string username, string apiKey);
    protected abstract string Create(string[] types);
    /// <summary>An image of the list as text: file, label, position, exclude and types.</summary>
    protected abstract IEnumerable<string> Images(string of);
    protected abstract bool Update(string file, string label, string store);
    protected abstract bool Remove(string file);
    protected abstract string LabelOf(string file, string store);

    public void Run(string username, string apiKey)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        Step("login", () => Login(username, apiKey));
        Step("create", () =>
        {
            Expect(first, Create(new[] { "image", "thumbnail" }));
            Expect(second, Create(null));
        });
        Step("list", () => Expect(
            first + "|" + Label + "|1|0|image,thumbnail\n" + second + "|" + Label + "|2|0|",
            string.Join("\n", Images(product))));
        Step("updateInStore", () =>
        {
            Expect(true, Update(second, LabelInStore, "german"));
            Expect(LabelInStore, LabelOf(second, "german"));
            Expect(Label, LabelOf(second, null));
        });
        Step("remove", () =>
        {
            Expect(true, Remove(second));
            Expect(first, string.Join("\n", Images(product)).Split('|')[0]);
        });
        Step("fault101", () => Expect("101", FaultOf(() => string.Join("\n", Images("no such product")))));
        Step("fault103", () => Expect("103", FaultOf(() => LabelOf("/n/o/none.gif", null))));
    }

    protected static void Expect(object expected, object received)
    {
        if (!expected.Equals(received))
            throw new Exception("expected " + expected + ", received " + received);
    }

    private static string FaultOf(Func<string> call)
    {
        try
        {
            call();
            return "none";
        }
        catch (SoapException fault)
        {
            return fault.Code.Name;
        }
    }

    private static void Step(string name, Action check)
    {
        string detail = "";
        try
        {
            check();
        }
        catch (Exception error)
        {
            detail = error.GetType().Name + ": " + error.Message;
        }
        Console.WriteLine("{{\"step\": \"{0}\", \"ok\": {1}, \"detail\": \"{2}\"}}",
            name, detail == "" ? "true" : "false", Escaped(detail));
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (char letter in text)
            escaped.Append(letter < ' ' ? " " : letter == '"' || letter == '\\' ? "\\" + letter : letter.ToString());
        return escaped.ToString();
    }
}
