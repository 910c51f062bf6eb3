package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient.Answer;
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

/** People who log in with the form. */
class LoginTest {
    private static final String ACT = "/api/v1/connections?remote=home";

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void start() {
        server = Started.server(folder, AdminClient.USERS);
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
        assertThat(location(browser.login(name, name + "-secret"))).isEqualTo("/");
        browser.open("/login");
        return browser;
    }

    @Test
    void leadsPeopleToTheFormAndProgramsNowhere() throws Exception {
        BrowserUser browser = new BrowserUser(server);

        assertThat(location(browser.open("/"))).isEqualTo("/login");
        assertThat(location(browser.open("/index.html"))).isEqualTo("/login");
        Answer form = browser.open("/login");
        assertThat(form.status()).isEqualTo(200);
        assertThat(form.type()).startsWith("text/html");
        assertThat(form.body()).contains("<form").doesNotContain("<style", "style=", "onclick");
        assertThat(setCookies(form)).isEmpty();
        assertThat(AdminClient.NOBODY.get(server, "/").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/base.css", "/assets/login.js", "/assets/theme.js", "/login"})
    void givesEverybodyWhatTheFormNeedsWithStrictHeaders(String path) throws Exception {
        Answer answer = AdminClient.NOBODY.get(server, path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().headers().map())
                .containsEntry("X-Content-Type-Options", List.of("nosniff"))
                .containsEntry("X-Frame-Options", List.of("DENY"))
                .containsKey("Content-Security-Policy");
    }

    @Test
    void logsInWithASessionThatScriptsCannotReadAndOut() throws Exception {
        BrowserUser browser = new BrowserUser(server);

        Answer login = browser.login("alice", "alice-secret");

        assertThat(location(login)).isEqualTo("/");
        assertThat(setCookies(login)).singleElement().asString().contains("HttpOnly", "SameSite=Strict", "Path=/");
        Answer me = browser.send("GET", "/api/v1/me", "");
        assertThat(me.text("name")).isEqualTo("alice");
        assertThat(me.text("role")).isEqualTo("admin");
        assertThat(setCookies(me))
                .singleElement()
                .asString()
                .startsWith("XSRF-TOKEN=")
                .contains("SameSite=Strict")
                .doesNotContain("HttpOnly");

        assertThat(browser.act("POST", "/logout").status()).isEqualTo(204);
        assertThat(browser.send("GET", "/api/v1/me", "").status()).isEqualTo(401);
        assertThat(location(browser.open("/"))).isEqualTo("/login");
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

        assertThat(location(answer)).isEqualTo("/login?wrong");
        assertThat(setCookies(answer)).isEmpty();
        assertThat(browser.open("/login?wrong").status()).isEqualTo(200);
    }

    @Test
    void actsOnlyWithTheTokenOfThePage() throws Exception {
        BrowserUser alice = loggedIn("alice");

        assertThat(alice.send("DELETE", ACT, "").status()).isEqualTo(403);
        assertThat(alice.send("DELETE", ACT, "").text("detail")).contains("X-XSRF-TOKEN");
        assertThat(alice.send("DELETE", ACT, "", "X-XSRF-TOKEN", "guessed").status())
                .isEqualTo(403);
        assertThat(alice.send("POST", "/logout", "").status()).isEqualTo(403);
        assertThat(alice.act("DELETE", ACT).status()).isEqualTo(200);
        assertThat(loggedIn("bob").act("DELETE", ACT).status()).isEqualTo(403);
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
    @CsvSource({"Sec-Fetch-Mode,cors", "X-Requested-With,XMLHttpRequest", "Cookie,XSRF-TOKEN=old"})
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

        assertThat(browsers.get(0).send("GET", "/api/v1/me", "").status()).isEqualTo(401);
        assertThat(location(browsers.get(0).open("/"))).isEqualTo("/login");
        assertThat(browsers.get(10).send("GET", "/api/v1/me", "").status()).isEqualTo(200);
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
