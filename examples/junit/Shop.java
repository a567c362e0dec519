import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A very small SOAP v1 client. Your project has its own in its place. */
public final class Shop {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI endpoint;
    private final String session;

    public Shop(String wsdl, String username, String apiKey) throws IOException, InterruptedException, ShopFault {
        endpoint = URI.create(wsdl.replace("?wsdl", ""));
        session = ask("<m:login><username>" + username + "</username><apiKey>" + apiKey + "</apiKey></m:login>");
    }

    /** @param content base64 */
    public void createImage(String sku, String name, String content)
            throws IOException, InterruptedException, ShopFault {
        String file = entry("name", name) + entry("mime", "image/gif") + entry("content", content);
        String image = "<item><key>file</key><value xsi:type=\"map:Map\">" + file + "</value></item>";
        ask("<m:call><sessionId>" + session + "</sessionId><resourcePath>product_media.create</resourcePath>"
                + "<args xsi:type=\"enc:Array\"><item xsi:type=\"xsd:string\">" + sku + "</item>"
                + "<item xsi:type=\"map:Map\">" + image + "</item></args></m:call>");
    }

    private String ask(String body) throws IOException, InterruptedException, ShopFault {
        String envelope = "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:m=\"urn:Magento\""
                + " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                + " xmlns:enc=\"http://schemas.xmlsoap.org/soap/encoding/\" xmlns:map=\"http://xml.apache.org/xml-soap\">"
                + "<e:Body>" + body + "</e:Body></e:Envelope>";
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "text/xml; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(envelope))
                .build();
        String answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        String fault = firstIn(answer, "<faultcode>(.*?)</faultcode>");
        if (fault != null) throw new ShopFault(fault, firstIn(answer, "<faultstring>(.*?)</faultstring>"));
        return firstIn(answer, "<(?:login|call)Return[^>]*>(.*?)</");
    }

    private static String entry(String key, String value) {
        return "<item><key>" + key + "</key><value xsi:type=\"xsd:string\">" + value + "</value></item>";
    }

    private static String firstIn(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }
}
