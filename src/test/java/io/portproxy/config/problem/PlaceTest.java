package io.portproxy.config.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.properties.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class PlaceTest {
    private static final Place SERVER = Place.property("portproxy.server");

    @Test
    void isToldAsAProperty() {
        Place port = SERVER.key("proxy").entry(0).key("port-list").entry(3);

        assertThat(port.key("remote")).hasToString("portproxy.server.proxy[0].port-list[3].remote");
    }

    @Test
    void isToldAsAPointerIntoABody() {
        Place port = Place.body("").key("port-list").entry(3);

        assertThat(port.key("remote")).hasToString("/ports/3/remote");
        assertThat(Place.body("")).hasToString("");
    }

    /** RFC 6901, section 3. The tilde is escaped first, so that it is not mistaken for the escape of a slash. */
    @ParameterizedTest
    @CsvSource({"a/b, /a~1b", "m~n, /m~0n", "~1, /~01", "c%d, /c%d"})
    void escapesWhatPartsAPointer(String key, String pointer) {
        assertThat(Place.body("").key(key)).hasToString(pointer);
    }

    @Test
    void containsItselfAndWhatIsBelow() {
        Place list = Place.body("").key("port-list");

        assertThat(Place.body("").contains(list)).isTrue();
        assertThat(list.contains(list)).isTrue();
        assertThat(list.entry(1).contains(list.entry(1).key("bind"))).isTrue();
        assertThat(list.entry(1).contains(list.entry(10))).isFalse();
        assertThat(list.contains(Place.body(""))).isFalse();
        assertThat(SERVER.contains(SERVER.key("proxy").entry(2))).isTrue();
        assertThat(SERVER.key("proxy").contains(SERVER.key("proxy").entry(2))).isTrue();
        assertThat(SERVER.contains(Place.property("portproxy.servers"))).isFalse();
        assertThat(Place.body("").contains(SERVER)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"tokens, true", "token, true", "password, true", "tokenized, false", "remote-name, false"})
    void knowsASecretInEitherForm(String key, boolean secret) {
        for (Place parent : new Place[] {SERVER, Place.body("")}) {
            assertThat(Secret.isAt(parent.key(key).text())).isEqualTo(secret);
            assertThat(Secret.isAt(parent.key(key).entry(0).text())).isEqualTo(secret);
            assertThat(Secret.isAt(parent.key("tokens").entry(0).key("name").text()))
                    .isFalse();
        }
    }

    @Test
    void tellsWhatTheEnvironmentHasForAPropertyAlone() {
        EnvironmentValues values = new EnvironmentValues(new MockEnvironment()
                .withProperty("portproxy.server.proxy[0].remote-name", "${NAME}")
                .withProperty("NAME", "home"));
        Place name = Place.property("portproxy.server").key("proxy").entry(0).key("remote-name");

        Problem written = Problem.of(values, name, "other", "is wrong", "write another");
        Problem sent = Problem.of(values, Place.body("").key("remote-name"), "other", "is wrong", "write another");

        assertThat(written.value()).isEqualTo("home");
        assertThat(written.fix()).isEqualTo("write another; the value comes from NAME");
        assertThat(sent.value()).isEqualTo("other");
        assertThat(sent.origin()).isEmpty();
        assertThat(sent.fix()).isEqualTo("write another");
    }
}
