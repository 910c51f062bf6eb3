package io.portproxy.admin.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.events.EventListener;
import io.portproxy.config.Started;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests logins with the form. */
class LoginTest {
    private static final String ACT = "/api/v1/connections?remote=home";

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void start() {
        server = Started.server(folder, AdminClient.USERS + "portproxy.admin.events.heartbeat-interval: 100ms\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String location(Answer answer) {
        assertThat(answer.status()).isEqualTo(303);
        return answer.response().headers().firstValue("Location").orElseThrow();
    }

    private static List<String> setCookies(Answer answer) {
        return answer.response().headers().allValues("Set-Cookie");
    }

    private static BrowserUser loggedIn(String name) throws Exception {
        BrowserUser browser = new BrowserUser(server);
        assertThat(browser.login(name, name + "-secret").status()).isEqualTo(200);
        return browser;
    }

    @Test
    void leadsPeopleToTheFormAndProgramsNowhere() throws Exception {
        BrowserUser browser = new BrowserUser(server);

        assertThat(location(browser.open("/api/v1/remotes"))).isEqualTo("/login");
        Answer form = browser.open("/login");
        assertThat(form.status()).isEqualTo(200);
        assertThat(form.type()).startsWith("text/html");
        assertThat(form.body()).contains("<form").doesNotContain("<style", "style=", "onclick");
        assertThat(setCookies(form)).isEmpty();
        assertThat(AdminClient.NOBODY.get(server, "/api/v1/remotes").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/assets/base.css", "/assets/login.js", "/assets/theme.js", "/login"})
    void givesEverybodyWhatTheFormNeedsWithStrictHeaders(String path) throws Exception {
        Answer answer = AdminClient.NOBODY.get(server, path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().headers().map())
                .containsEntry("X-Content-Type-Options", List.of("nosniff"))
                .containsEntry("X-Frame-Options", List.of("DENY"))
                .containsEntry("Cross-Origin-Opener-Policy", List.of("same-origin"))
                .containsEntry("Cross-Origin-Resource-Policy", List.of("same-origin"))
                .containsKey("Content-Security-Policy");
        assertThat(AdminClient.NOBODY.send(server, "HEAD", path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/login", "/assets/app.js", "/webjars/uplot/dist/uPlot.esm.js"})
    void givesAFileOnceAndSaysThenThatItIsTheSame(String path) throws Exception {
        HttpHeaders first = AdminClient.NOBODY.get(server, path).response().headers();
        String tag = first.firstValue("ETag").orElseThrow();

        Answer again = AdminClient.NOBODY.send(server, "GET", path, "If-None-Match", tag);

        assertThat(first.allValues("Cache-Control")).containsExactly("no-cache");
        assertThat(first.map()).doesNotContainKey("Last-Modified");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(AdminClient.NOBODY
                        .send(server, "GET", path, "If-None-Match", "W/\"other\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void compressesWhatAPageAsksForButNoEvents() throws Exception {
        HttpHeaders file = AdminClient.NOBODY
                .send(server, "GET", "/assets/app.js", "Accept-Encoding", "gzip")
                .response()
                .headers();
        HttpHeaders description = AdminClient.BOB
                .send(server, "GET", "/v3/api-docs", "Accept-Encoding", "gzip")
                .response()
                .headers();

        assertThat(file.firstValue("Content-Encoding")).contains("gzip");
        assertThat(file.firstValue("ETag")).isPresent();
        assertThat(description.firstValue("Content-Encoding")).contains("gzip");
        assertThat(description.allValues("Cache-Control")).containsExactly("no-store");
        try (EventListener events = EventListener.open(server, "", "Accept-Encoding", "gzip")) {
            await().until(() -> events.comments() > 0); // a compressed comment would be unreadable
        }
    }

    @Test
    void logsInWithASessionThatScriptsCannotReadAndOut() throws Exception {
        BrowserUser browser = new BrowserUser(server);

        Answer login = browser.login("alice", "alice-secret");

        assertThat(login.response().headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(login.text("secret")).matches("[-_A-Za-z0-9]{43}");
        assertThat(setCookies(login))
                .singleElement()
                .asString()
                .contains("HttpOnly", "SameSite=Strict", "Path=/")
                .doesNotContain(browser.secret());
        Answer me = browser.ask("GET", "/api/v1/me");
        assertThat(me.text("name")).isEqualTo("alice");
        assertThat(me.text("role")).isEqualTo("admin");
        assertThat(setCookies(me)).isEmpty();

        assertThat(browser.ask("POST", "/logout").status()).isEqualTo(204);
        assertThat(browser.ask("GET", "/api/v1/me").status()).isEqualTo(401);
    }

    @Test
    void saysWhatAProgramsUserMayDo() throws Exception {
        Answer me = AdminClient.BOB.get(server, "/api/v1/me");

        assertThat(me.body()).isEqualTo("{\"name\":\"bob\",\"role\":\"viewer\"}");
        assertThat(setCookies(me)).isEmpty();
        assertThat(setCookies(AdminClient.ALICE.delete(server, ACT))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"alice,wrong", "nobody,alice-secret", "'',''"})
    void saysThatTheyAreWrongAndMakesNoSession(String name, String password) throws Exception {
        BrowserUser browser = new BrowserUser(server);

        Answer answer = browser.login(name, password);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("detail")).isEqualTo("the name or the password is wrong");
        assertThat(answer.response().headers().allValues("WWW-Authenticate"))
                .as("no password is asked for over the page")
                .containsExactly("Bearer realm=\"PortProxy\"");
        assertThat(setCookies(answer)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/api/v1/me",
        "GET,/api/v1/remotes",
        "GET,/api/v1/events",
        "GET,/v3/api-docs",
        "GET,/actuator/prometheus",
        "GET,/actuator/loggers",
        "DELETE,/api/v1/connections?remote=home",
        "DELETE,/api/v1/remotes/home/tunnels",
        "POST,/actuator/loggers/io.portproxy",
        "POST,/logout"
    })
    void isNobodyWithTheCookieAlone(String method, String path) throws Exception {
        BrowserUser alice = loggedIn("alice");
        BrowserUser other = loggedIn("alice");

        assertThat(alice.send(method, path, "").status()).isEqualTo(401);
        for (String wrong : List.of("", "guessed", other.secret(), alice.secret() + "=", alice.secret() + "ä")) {
            assertThat(alice.send(method, path, "", LoginSecret.HEADER, wrong).status())
                    .as(wrong)
                    .isEqualTo(401);
        }
        assertThat(AdminClient.NOBODY
                        .send(server, method, path, LoginSecret.HEADER, alice.secret())
                        .status())
                .as("the secret alone")
                .isEqualTo(401);
        assertThat(alice.ask("GET", "/api/v1/me").status())
                .as("still logged in")
                .isEqualTo(200);
    }

    @Test
    void showsNoMoreOfItsHealthWithTheCookieAlone() throws Exception {
        BrowserUser alice = loggedIn("alice");

        assertThat(alice.send("GET", "/actuator/health/liveness", "").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(alice.ask("GET", "/actuator/health").body()).contains("components");
    }

    @Test
    void actsForThoseWhoMay() throws Exception {
        assertThat(loggedIn("alice").ask("DELETE", ACT).status()).isEqualTo(200);
        assertThat(loggedIn("bob").ask("DELETE", ACT).status()).isEqualTo(403);
    }

    @Test
    void forgetsTheSecretOfALoginThatAnotherOneReplaces() throws Exception {
        BrowserUser alice = loggedIn("alice");
        String before = alice.secret();
        alice.login("alice", "alice-secret");

        assertThat(alice.send("GET", "/api/v1/me", "", LoginSecret.HEADER, before)
                        .status())
                .isEqualTo(401);
        assertThat(alice.ask("GET", "/api/v1/me").status()).isEqualTo(200);
    }

    @Test
    void logsNobodyInForAnotherSitesPage() throws Exception {
        BrowserUser browser = new BrowserUser(server);

        Answer answer = browser.send(
                "POST",
                "/login",
                "username=alice&password=alice-secret",
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Origin",
                "http://evil.example");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(setCookies(answer)).isEmpty();
        assertThat(answer.response().headers().map()).containsKey("Content-Security-Policy");
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Mode,cors", "X-Requested-With,XMLHttpRequest", "Cookie,portproxy-0=old"})
    void asksForNoPasswordOverThePage(String header, String value) throws Exception {
        Answer answer = new BrowserUser(server).send("GET", "/api/v1/me", "", header, value);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("type")).isEqualTo("/assets/problems.html#unauthorized");
        assertThat(answer.response().headers().allValues("WWW-Authenticate"))
                .containsExactly("Bearer realm=\"PortProxy\"");
    }

    @Test
    void endsAUsersOldestSessionWhenThereAreTooMany() throws Exception {
        List<BrowserUser> browsers = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            browsers.add(loggedIn("bob"));
        }

        assertThat(browsers.get(0).ask("GET", "/api/v1/me").status()).isEqualTo(401);
        assertThat(browsers.get(0).open("/").status()).isEqualTo(200);
        assertThat(browsers.get(10).ask("GET", "/api/v1/me").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/assets/base.css", "/api/v1/me", "/actuator/health/liveness"})
    void saysOfAPageWhatItWouldSayWithIt(String path) throws Exception {
        HttpHeaders got = AdminClient.BOB.get(server, path).response().headers();
        HttpHeaders asked =
                AdminClient.BOB.send(server, "HEAD", path).response().headers();

        assertThat(List.of("Content-Security-Policy", "Referrer-Policy", "X-Frame-Options", "Cache-Control"))
                .allSatisfy(name -> assertThat(asked.allValues(name)).hasSize(1).isEqualTo(got.allValues(name)));
    }
}
