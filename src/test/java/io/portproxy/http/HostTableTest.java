package io.portproxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portproxy.http.HostTable.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that names and paths lead to the same entry in every spelling. */
class HostTableTest {
    private static Entry<String> entry(String host, String path) {
        return new Entry<>(HostPattern.parse(host), RequestPath.require(path), host + path);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a/b/, /a/b",
        "//a///b, /a/b",
        "/a/./b/., /a/b",
        "/a/b/../c, /a/c",
        "/a/%2e%2E/c, /c",
        "/a/.%2e;x/c, /c",
        "/a;x=1/b;y, /a/b",
        "/a%3bx/b, /a/b",
        "/%61%62, /ab",
        "/a%2fb, /a%2Fb",
        "/a%5Cb, /a%5Cb",
        "/a%25b, /a%b",
        "/a?b=/../c, /a",
        "*, /",
        "http://x/a, /a",
        "http://x, /",
        "http://x?a, /",
    })
    void aPathIsComparedInOneForm(String target, String expected) throws RefusedException {
        assertThat(RequestPath.of(target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/..", "/a/../..", "/%2e%2e/a", "/%", "/%1", "/%zz", "/%-1", "/a%00"})
    void aPathThatIsMalformedIsRefused(String target) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> RequestPath.of(target))
                .matches(refused -> refused.status() == 400);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, /, a.example/",
        "a.example, /x/y, a.example/x/y",
        "a.example, /x/z, a.example/x",
        "b.a.example, /, *.a.example/",
        "c.b.a.example, /, *.b.a.example/",
        "z.example, /, *.example/",
        "example, /, */",
        "'', /, */",
        "[::1], /, */",
    })
    void theNameItselfComesBeforeTheLongestWildcardAndThatBeforeAnyName(String host, String path, String expected)
            throws RefusedException {
        HostTable<String> table = new HostTable<>(List.of(
                entry("*", "/"),
                entry("*.example", "/"),
                entry("*.a.example", "/"),
                entry("*.b.a.example", "/"),
                entry("a.example", "/"),
                entry("a.example", "/x"),
                entry("a.example", "/x/y")));

        assertThat(table.find(host, path)).contains(expected);
    }

    @Test
    void aNameThatIsKnownWithAPathThatIsNotLeadsNowhere() throws RefusedException {
        HostTable<String> table = new HostTable<>(List.of(entry("a.example", "/x"), entry("*", "/")));

        assertThat(table.find("a.example", "/y")).isEmpty();
    }

    @Test
    void thePathsOfOneNameDiffer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostTable<>(List.of(entry("A.example", "/x"), entry("a.example.", "/x/"))))
                .withMessageContaining("a.example")
                .withMessageContaining("/x");
    }

    @ParameterizedTest
    @CsvSource({"Bücher.example, xn--bcher-kva.example", "A.Example., a.example", "*.Ä.de, *.xn--4ca.de", "*, *"})
    void aPatternIsKeptInOneForm(String written, String expected) {
        assertThat(HostPattern.parse(written).text()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a b", "a/b", "a:80", "*a.example", "a.*.example", "**", "[::1]"})
    void whatIsNoNameIsRefused(String written) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse(written));
    }
}
