import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts a test double of Magento's API in its own process. Copy this file into your project. */
public final class Keepsake implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final String about;

    /** Starts a server on a free port. `keepsake start --help` lists the flags. */
    public Keepsake(String... flags) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("npx", "--no", "--", "keepsake", "start", "--double", "--memory", "--port", "0", "--attached"));
        command.addAll(List.of(flags));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putIfAbsent("KEEPSAKE_LOG_LEVEL", "error");
        process = builder.start();
        BufferedReader output = process.inputReader();
        // Wait until the server is ready, or has ended.
        about = output.readLine();
        if (about == null) throw new IOException("keepsake did not start: see standard error");
    }

    /** Stops the server. It also stops when this process ends for any reason, because its standard input ends then. */
    @Override
    public void close() throws IOException, InterruptedException {
        process.outputWriter().close();
        process.waitFor();
    }

    /** Returns what the server reported: url, wsdl, v2Wsdl, wsiWsdl, xmlrpcUrl, controlUrl, username or apiKey. */
    public String about(String name) {
        return firstIn(about, "\"" + name + "\":\"([^\"]*)\"");
    }

    /** Makes the server answer each call that meets the conditions with a fault: `{"method": "create", "nth": 2}`. */
    public void answerFault(int code, String when) throws IOException, InterruptedException {
        control("POST", "/rules", "{\"when\": " + when + ", \"answer\": {\"fault\": " + code + "}}");
    }

    /** Returns how many matching calls were made: `{"method": "create", "fault": 104}`. */
    public int calls(String match) throws IOException, InterruptedException {
        String answer = control("POST", "/journal/verify", "{\"match\": " + match + "}");
        return Integer.parseInt(firstIn(answer, "\"calls\":(\\d+)"));
    }

    /** Restores the shop as it was at the start, and removes all rules and recorded calls. */
    public void reset() throws IOException, InterruptedException {
        control("POST", "/reset", "{}");
    }

    /** Sends a request to the control API. /_keepsake/openapi.json lists all requests. */
    public String control(String method, String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(about("controlUrl") + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) throw new IOException(method + " " + path + ": " + answer.body());
        return answer.body();
    }

    private static String firstIn(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) throw new IllegalStateException("no " + pattern + " in " + text);
        return matcher.group(1);
    }
}
