package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.BlackHole;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests a target's name with several addresses. */
class TargetNameTest {
    private static final long STREAM = 5;
    private static final String HOST = "service.test";

    private static ClientSettings settings(TestServer server) {
        return ExtendedSettings.client("r", server.address()).withAllow(new AllowedPorts(HOST, Optional.empty()));
    }

    @Test
    void whenOneRefusesTheNextIsDialled() throws Exception {
        try (RawTarget target = RawTarget.open();
                TestServer server = new TestServer(Dialect.EXTENDED)) {
            Names names = new Names("127.0.0.1");
            try (ClientUnderTest client = names.client(settings(server))) {
                TestPeer peer = server.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
                names.mean("127.0.0.4", "127.0.0.3", "127.0.0.1");
                peer.send(
                        Instruction.open(STREAM, target.port(), Instruction.field(1, HOST)),
                        Instruction.data(STREAM, Bytes.of("early")));
                assertThat(peer.next(0x0016).identity()).isEqualTo(STREAM);
                assertThat(target.accept().awaitReceived(5)).isEqualTo(Bytes.of("early"));
                assertThat(client.connected()).isTrue();
            }
        }
    }

    @Test
    void whenOneAnswersNobodyTheNextIsDialledBesideItAndNoByteIsSentTwice() throws Exception {
        try (RawTarget target = RawTarget.open();
                BlackHole hole = new BlackHole("127.0.0.4", target.port());
                TestServer server = new TestServer(Dialect.EXTENDED)) {
            Names names = new Names("127.0.0.1");
            try (ClientUnderTest client = names.client(settings(server))) {
                TestPeer peer = server.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
                names.mean("127.0.0.4", "127.0.0.1");
                peer.send(
                        Instruction.open(STREAM, hole.address().getPort(), Instruction.field(1, HOST)),
                        Instruction.data(STREAM, Bytes.of("early")),
                        Instruction.end(STREAM));
                assertThat(peer.next(0x0016).identity()).isEqualTo(STREAM);
                PlainSocket served = target.accept();
                served.awaitEnd();
                assertThat(served.received()).isEqualTo(Bytes.of("early"));
                assertThat(client.connected()).isTrue();
            }
        }
    }

    @Test
    void whenAllRefuseThatIsTold() throws Exception {
        try (TestServer server = new TestServer(Dialect.EXTENDED)) {
            Names names = new Names("127.0.0.1");
            try (ClientUnderTest client = names.client(settings(server))) {
                TestPeer peer = server.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
                names.mean("127.0.0.2", "127.0.0.1");
                peer.send(Instruction.open(STREAM, RawTarget.refusingPort(), Instruction.field(1, HOST)));
                assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, 1));
                assertThat(client.connected()).isTrue();
            }
        }
    }
}
