using System.Collections.Generic;
using System.Text.RegularExpressions;

/// <summary>A .NET client of SOAP v2, with what `wsdl` makes of the WSDL; what it takes and prints is in ../README.md.</summary>
public sealed class V2Client : Steps
{
    private readonly MagentoService service = new MagentoService();
    private string session;

    private V2Client(string product, string content) : base(product, content) { }

    /// <summary>The service knows the address, for it was made from the WSDL of this very server.</summary>
    public static void Main(string[] arguments)
    {
        new V2Client(arguments[3], arguments[4]).Run(arguments[1], arguments[2]);
    }

    protected override void Login(string username, string apiKey)
    {
        session = service.login(username, apiKey);
        Expect(true, Regex.IsMatch(session, "^[0-9a-f]{32}$"));
    }

    protected override string Create(string[] types)
    {
        var data = new catalogProductAttributeMediaCreateEntity
        {
            file = new catalogProductImageFileEntity { content = content, mime = "image/gif", name = product },
            label = Label,
            exclude = "0",
            types = types,
        };
        return service.catalogProductAttributeMediaCreate(session, product, data, null, null);
    }

    protected override IEnumerable<string> Images(string of)
    {
        foreach (var image in service.catalogProductAttributeMediaList(session, of, null, null))
            yield return string.Join("|", image.file, image.label, image.position, image.exclude,
                string.Join(",", image.types));
    }

    protected override bool Update(string file, string label, string store)
    {
        var data = new catalogProductAttributeMediaCreateEntity { label = label };
        return IsDone(service.catalogProductAttributeMediaUpdate(session, product, file, data, store, null));
    }

    protected override bool Remove(string file)
    {
        return IsDone(service.catalogProductAttributeMediaRemove(session, product, file, null));
    }

    protected override string LabelOf(string file, string store)
    {
        return service.catalogProductAttributeMediaInfo(session, product, file, store, null).label;
    }

    private static bool IsDone(bool answer)
    {
        return answer;
    }

    /// <summary>Magento 1.5 answers a number.</summary>
    private static bool IsDone(int answer)
    {
        return answer == 1;
    }
}
