using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Serialization;

/// <summary>
/// A .NET client of SOAP v1, with what `wsdl` makes of the WSDL; what it takes and prints is in ../README.md. It sends
/// an image as an object of a class of its own, and reads maps from the XML of the answer: .NET writes and reads every
/// array, that of a map's items too, as a reference to an element elsewhere, and so a `Map` of its own is always empty.
/// </summary>
public sealed class V1Client : Steps
{
    private readonly MagentoService service = new MagentoService();
    private string session;

    private V1Client(string product, string content) : base(product, content) { }

    /// <summary>The service knows the address, for it was made from the WSDL of this very server.</summary>
    public static void Main(string[] arguments)
    {
        new V1Client(arguments[3], arguments[4]).Run(arguments[1], arguments[2]);
    }

    protected override void Login(string username, string apiKey)
    {
        session = service.login(username, apiKey);
        Expect(true, Regex.IsMatch(session, "^[0-9a-f]{32}$"));
    }

    protected override string Create(string[] types)
    {
        var file = new ImageFile { content = content, mime = "image/gif", name = product };
        return (string)Call("create", product, new ImageData { file = file, label = Label, exclude = "0", types = types });
    }

    protected override IEnumerable<string> Images(string of)
    {
        Call("list", of);
        return from image in service.Returned.ChildNodes.Cast<XmlElement>()
               let fields = FieldsOf(image)
               select string.Join("|", fields["file"].InnerText, fields["label"].InnerText, fields["position"].InnerText,
                   fields["exclude"].InnerText, string.Join(",", from XmlElement type in fields["types"] select type.InnerText));
    }

    protected override bool Update(string file, string label, string store)
    {
        return (bool)Call("update", product, file, new ImageData { label = label }, store);
    }

    protected override bool Remove(string file)
    {
        return (bool)Call("remove", product, file);
    }

    protected override string LabelOf(string file, string store)
    {
        Call("info", product, file, store);
        return FieldsOf(service.Returned)["label"].InnerText;
    }

    private object Call(string method, params object[] arguments)
    {
        return service.call(session, "product_media." + method, arguments);
    }

    private static Dictionary<string, XmlElement> FieldsOf(XmlElement map)
    {
        return map.ChildNodes.Cast<XmlElement>().ToDictionary(item => item["key"].InnerText, item => item["value"]);
    }
}

[SoapType("ImageData", "urn:client")]
public sealed class ImageData
{
    public ImageFile file;
    public string label;
    public string exclude;
    public string[] types;
}

[SoapType("ImageFile", "urn:client")]
public sealed class ImageFile
{
    public string content;
    public string mime;
    public string name;
}

/// <summary>What the client adds to the generated class.</summary>
[SoapInclude(typeof(ImageData))]
public partial class MagentoService
{
    /// <summary>The element that the last answer returned.</summary>
    public XmlElement Returned { get; private set; }

    protected override WebResponse GetWebResponse(WebRequest request)
    {
        var answer = new KeptAnswer(base.GetWebResponse(request));
        var document = new XmlDocument();
        document.LoadXml(answer.Text);
        Returned = (XmlElement)document.DocumentElement.LastChild.FirstChild.FirstChild;
        return answer;
    }
}

/// <summary>An answer that has been read to its end, and can be read again.</summary>
public sealed class KeptAnswer : WebResponse
{
    private readonly WebResponse answer;

    public KeptAnswer(WebResponse answer)
    {
        this.answer = answer;
        using (var reader = new StreamReader(answer.GetResponseStream())) Text = reader.ReadToEnd();
    }

    public string Text { get; private set; }

    public override string ContentType { get { return answer.ContentType; } set { } }

    public override WebHeaderCollection Headers { get { return answer.Headers; } }

    public override Stream GetResponseStream()
    {
        return new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Text));
    }

    public override void Close()
    {
        answer.Close();
    }
}
