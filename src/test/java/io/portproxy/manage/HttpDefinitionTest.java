package io.portproxy.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests where secrets of hosts and ports are visible, and when a change keeps them. */
class HttpDefinitionTest {
    private static PortDefinition port(String key, String password) {
        HttpDefinition http = new HttpDefinition(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new HttpDefinition.Headers(
                        new HttpDefinition.Fields(Map.of("X-Key", key), List.of()), HttpDefinition.Fields.NONE),
                Optional.empty(),
                Optional.of(new HttpDefinition.Auth(new HttpDefinition.Basic(
                        List.of(new HttpDefinition.User("ann", password)), "Realm", List.of(), false))));
        return new PortDefinition("web", true, "http", "127.0.0.1:0", "80").withHttp(http);
    }

    @Test
    void textsHaveNone() {
        assertThat(port("sesame", "tahini")).asString().contains("X-Key", "ann").doesNotContain("sesame", "tahini");
        assertThat(port("sesame", "tahini").withoutSecrets())
                .isEqualTo(port(HttpDefinition.HIDDEN, HttpDefinition.HIDDEN));
    }

    @Test
    void tagsTellThemApart() {
        String tag = Tags.of(port("sesame", "tahini"));

        assertThat(Tags.of(port("sesame", "tahini"))).isEqualTo(tag);
        assertThat(Tags.of(port("sesame2", "tahini"))).isNotEqualTo(tag);
        assertThat(Tags.of(port("sesame", "tahini2"))).isNotEqualTo(tag);
    }

    @Test
    void whatIsNotSaidIsKeptOfThePortWithTheSameNameAlone() {
        RemoteDefinition before = new RemoteDefinition("home", "", true, false, List.of(port("sesame", "tahini")));
        RemoteDefinition hidden = before.withoutSecrets();
        PortDefinition shown = hidden.ports().get(0);
        PortDefinition renamed =
                new PortDefinition("other", true, "http", shown.bind(), shown.remote()).withHttp(shown.http());

        assertThat(hidden.keepingSecretsOf(before)).isEqualTo(before);
        assertThat(hidden.withPorts(List.of(renamed)).keepingSecretsOf(before).ports())
                .containsExactly(renamed);
        assertThat(before.withPorts(List.of(port("new", HttpDefinition.HIDDEN)))
                        .keepingSecretsOf(before)
                        .ports())
                .containsExactly(port("new", "tahini"));
    }
}
