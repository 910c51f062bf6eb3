package io.portproxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.testing.ClientHellos;
import io.portproxy.testing.TestCertificates;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {
    private static final int MOST = ClientHelloReader.MAX_BYTES;

    @ParameterizedTest
    @CsvSource({"0, 16384", "1800, 16384", "1800, 1", "1800, 700", "9000, 16384"})
    void saysWhoIsAskedForHoweverItIsCut(int padding, int record) throws Exception {
        byte[] bytes = ClientHellos.of("App.example.com", List.of("h2", "http/1.1"), padding, record);

        for (int length = 0; length < bytes.length; length += 1 + length / 100) {
            assertThat(ClientHello.read(ByteBuffer.wrap(bytes, 0, length), MOST))
                    .isEmpty();
        }
        ByteBuffer whole = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 3)); // with more bytes behind it
        assertThat(ClientHello.read(whole, MOST))
                .contains(new ClientHello(Optional.of("App.example.com"), List.of("h2", "http/1.1")));
        assertThat(whole.position()).isZero();
    }

    @Test
    void mayAskForNobody() throws Exception {
        byte[] bytes = ClientHellos.of("", List.of(), 0, MOST);

        assertThat(ClientHello.read(ByteBuffer.wrap(bytes), MOST))
                .contains(new ClientHello(Optional.empty(), List.of()));
    }

    @Test
    void whatIsTooLongIsRefusedBeforeItIsThere() {
        byte[] bytes = ClientHellos.of("a.example", List.of(), 17_000, MOST);

        assertThatThrownBy(() -> ClientHello.read(ByteBuffer.wrap(bytes, 0, 20), MOST))
                .isInstanceOf(NotTlsException.class)
                .hasMessageContaining("more than 16384 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "SSH-2.0-x\r\n"})
    void whatIsNoTlsIsSaid(String first) {
        assertThatThrownBy(() -> ClientHello.read(ByteBuffer.wrap(first.getBytes(StandardCharsets.US_ASCII)), MOST))
                .isInstanceOf(NotTlsException.class);
    }

    @Test
    void anyBytesAreReadOrRefused() {
        Random random = new Random(7);
        byte[] right = ClientHellos.of("app.example.com", List.of("h2"), 50, 60);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = right.clone();
            for (int change = 0; change < 1 + i % 4; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                ClientHello.read(ByteBuffer.wrap(bytes), MOST);
            } catch (NotTlsException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void aCertificateIsFoundByTheNameThatIsAskedFor() {
        ServerCertificate sites = certificate(TestCertificates.SITES);
        ServerCertificate other = certificate(TestCertificates.OTHER);
        ServerCertificate oneOfDev = new ServerCertificate(other.tls(), Set.of("x.dev.example"));
        CertificateTable table = new CertificateTable(List.of(sites, other, oneOfDev));

        assertThat(table.find(asking("a.example"))).containsSame(sites);
        assertThat(table.find(asking("B.Example"))).containsSame(sites);
        assertThat(table.find(asking("y.dev.example"))).containsSame(sites);
        assertThat(table.find(asking("x.dev.example"))).containsSame(oneOfDev);
        assertThat(table.find(asking("other.example"))).containsSame(other);
        assertThat(table.find(new ClientHello(Optional.empty(), List.of()))).containsSame(sites);
        for (String name : List.of("z.y.dev.example", "dev.example", "not.this.example", "example", "*.dev.example.")) {
            assertThat(table.find(asking(name))).as(name).isEmpty();
        }
    }

    @Test
    void aCertificateIsForItsNamesAndAddresses() {
        ServerCertificate sites = certificate(TestCertificates.SITES);
        ServerCertificate local = new ServerCertificate(sites.tls(), Set.of("0:0:0:0:0:0:0:1"));

        assertThat(List.of("a.example", "q.dev.example", "127.0.0.1")).allMatch(sites::covers);
        assertThat(List.of("c.example", "q.r.dev.example", "dev.example", "127.0.0.2", "[::1]"))
                .noneMatch(sites::covers);
        assertThat(local.covers("[::1]")).isTrue();
        assertThat(local.covers("[::2]")).isFalse();
    }

    private static ClientHello asking(String name) {
        return new ClientHello(Optional.of(name), List.of());
    }

    private static ServerCertificate certificate(String name) {
        return new ServerCertificate(
                new TlsSettings(() -> TestCertificates.context(name), false),
                ServerCertificate.namesOf(TestCertificates.certificate(name)));
    }
}
