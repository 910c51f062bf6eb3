package io.portproxy.admin.security;

import io.portproxy.admin.AdminClient.Answer;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.context.ConfigurableApplicationContext;

/** An operator's browser. It keeps cookies and the secret of its login for the dashboard's page. It does not follow redirects. */
public final class BrowserUser {
    private static final String PAGES = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .build();
    private final String address;
    private String secret = "none";

    public BrowserUser(ConfigurableApplicationContext context) {
        this.address = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    /** Opens a page. */
    Answer open(String path) throws IOException, InterruptedException {
        return send("GET", path, "", "Accept", PAGES);
    }

    /** Sends the login form. */
    public Answer login(String name, String password) throws IOException, InterruptedException {
        String form = "username=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&password="
                + URLEncoder.encode(password, StandardCharsets.UTF_8);
        Answer answer = send(
                "POST",
                "/login",
                form,
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Origin",
                address,
                "X-Requested-With",
                "XMLHttpRequest");
        if (answer.status() == 200) {
            secret = answer.text("secret");
        }
        return answer;
    }

    /** Returns the secret of the last login. */
    public String secret() {
        return secret;
    }

    /** Sends a request with the secret, as the page's script does. */
    public Answer ask(String method, String path) throws IOException, InterruptedException {
        return send(method, path, "", LoginSecret.HEADER, secret);
    }

    /** Sends a request with the cookies alone. Any page can make a browser do this, and so can anybody who has stolen the cookies. */
    Answer send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        String type = response.headers().firstValue("Content-Type").orElse("");
        return new Answer(response.statusCode(), type, response.body(), response);
    }

    public Optional<String> cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst();
    }
}
