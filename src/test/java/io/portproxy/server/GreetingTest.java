package io.portproxy.server;

import static io.portproxy.testing.Instruction.closeConnection;
import static io.portproxy.testing.Instruction.data;
import static io.portproxy.testing.Instruction.greeting;
import static io.portproxy.testing.Instruction.heartbeat;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the proxy server handles the first bytes of a tunnel (protocol.md, section 1). */
class GreetingTest {
    private static final int TARGET_PORT = 5678;
    private static final String LONGEST = "ü".repeat(127) + "x"; // 255 bytes

    private ServerUnderTest server;

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(
                TestSettings.remote("r", TARGET_PORT),
                TestSettings.remote(LONGEST, TARGET_PORT),
                TestSettings.remote("steady", TARGET_PORT)));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void assertWorks(TestRemote remote, InetSocketAddress exposed) throws Exception {
        TestRemote.Opened stream = remote.open(exposed);
        remote.peer().send(data(stream.identity(), (byte) 7));
        assertThat(stream.user().awaitReceived(1)).containsExactly(7);
        stream.user().close();
        assertThat(remote.peer().next()).isEqualTo(closeConnection(stream.identity()));
    }

    /** Sends the first bytes of a tunnel, and checks that the server ends this tunnel and nothing else. */
    private void assertRefused(byte... first) throws Exception {
        assertRefusedWith(new byte[0], first);
    }

    private void assertRefusedWith(byte[] answer, byte... first) throws Exception {
        try (TestRemote steady = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "steady");
                TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
            TestRemote.Opened stream = steady.open(server.exposed(2));
            remote.peer().send(first);
            remote.peer().socket().awaitEnd();
            assertThat(remote.peer().socket().received()).isEqualTo(answer);
            steady.peer().send(data(stream.identity(), (byte) 1));
            assertThat(stream.user().awaitReceived(1)).containsExactly(1);
            assertThat(stream.user().end()).isEmpty();
        }
    }

    @Test
    void heartbeatsAheadOfTheGreetingAreSkipped() throws Exception {
        try (TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
            remote.peer().sendAndAwaitRead(heartbeat().bytes());
            byte[] many = new byte[2 * 1000]; // more bytes than a greeting may have
            for (int i = 1; i < many.length; i += 2) {
                many[i] = 0x02;
            }
            remote.peer().send(many);
            remote.peer().send(heartbeat(), greeting("r"));
            assertWorks(remote, server.exposed(0));
        }
    }

    @Test
    void aGreetingMayBeCutAtAnyByte() throws Exception {
        byte[] whole = Instruction.packet(heartbeat(), greeting("r"), heartbeat());
        for (int cut = 1; cut < whole.length; cut++) {
            try (TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
                remote.peer().sendAndAwaitRead(Arrays.copyOf(whole, cut));
                remote.peer().send(Arrays.copyOfRange(whole, cut, whole.length));
                assertWorks(remote, server.exposed(0));
            }
        }
    }

    @Test
    void aGreetingMayComeByteByByte() throws Exception {
        try (TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
            for (byte b : greeting("r").bytes()) {
                remote.peer().sendAndAwaitRead(b);
            }
            assertWorks(remote, server.exposed(0));
        }
    }

    @Test
    void theLongestNameIs255Bytes() throws Exception {
        try (TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), LONGEST)) {
            assertWorks(remote, server.exposed(1));
        }
        assertRefused(greeting(LONGEST + "x").bytes());
    }

    @Test
    void whatComesInOnePacketBehindTheGreetingCounts() throws Exception {
        try (TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
            remote.peer().send(greeting("r"), heartbeat(), closeConnection(42), data(43, (byte) 1), heartbeat());
            assertWorks(remote, server.exposed(0));
        }
        assertRefused(Instruction.packet(greeting("r"), greeting("r")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000 ffffffff", // a name of 4 GiB
                "0000 ffffffff 72727272", // a name of 4 GiB, and 4 bytes of it
                "0000 80000000 72", // 2 GiB: negative if code treats lengths as signed
                "0000 00000100 72", // 256 bytes
                "0000 00000000", // an empty name
                "0000 00000001 ff", // a byte that UTF-8 never has
                "0000 00000002 c0af", // an overlong slash
                "0000 00000003 eda080", // a surrogate
                "0000 00000002 72c3", // a character cut off
                "0002 0005", // an unknown code after a heartbeat
                "0010 00000000", // a code of the extended dialect
                "ffff",
                "0001 0000000000ff 162e", // InsInitialConnection
                "0003 0000000000ff 00000001 72", // InsData
                "0003 0000000000ff ffffffff 72",
                "0003 0000000000ff 00000005", // InsData of which no byte has come
                "0003 0000000000ff 00000000 0000 00000001 72", // an empty InsData, and then a greeting
                "0004 0000000000ff", // InsCloseConnection
                "4745 5420 2f20 4854 5450 2f31 2e31 0d0a 0d0a", // GET / HTTP/1.1
            })
    void aWrongBeginningEndsThatTunnelAlone(String hex) throws Exception {
        assertRefused(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void aTlsPeerIsToldInItsOwnLanguageThatItIsWrong() throws Exception {
        byte[] hello = HexFormat.of().parseHex("16030100c8010000c40303");
        byte[] fatalUnexpectedMessage = HexFormat.of().parseHex("1503030002020a"); // RFC 8446, sections 5.1 and 6
        assertRefusedWith(fatalUnexpectedMessage, hello);
    }

    @Test
    void garbageEndsThatTunnelAlone() throws Exception {
        Random random = new Random(20);
        for (int i = 0; i < 20; i++) {
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            garbage[0] = (byte) (1 + random.nextInt(255)); // no code begins with it
            try (TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
                remote.peer().send(garbage);
                if (garbage.length == 1) {
                    remote.peer().send((byte) 0);
                }
                remote.peer().socket().awaitEnd();
            }
        }
        try (TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            assertWorks(remote, server.exposed(0));
        }
    }

    @Test
    void aProtocolErrorIsLoggedOnceWithTheAddressAndTheFirstBytes() throws Exception {
        try (LogRecorder log = new LogRecorder();
                TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
            String address = "127.0.0.1:" + remote.peer().socket().localPort();
            remote.peer().send(HexFormat.of().parseHex("4745542f"));
            remote.peer().socket().awaitEnd();
            assertThat(log.linesWith(address)).singleElement().asString().contains("47 45 54 2f");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1, it sent an HTTP request; its bytes: 47 45 54",
        "HTTP/1.1 400, it sent an HTTP response; its bytes: 48 54",
        "SSH-2.0-OpenSSH, it speaks SSH; its bytes: 53 53 48"
    })
    void thePeerOfAnotherProtocolIsCalledByItsName(String first, String answer) throws Exception {
        try (LogRecorder log = new LogRecorder();
                TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
            String address = "127.0.0.1:" + remote.peer().socket().localPort();
            remote.peer().send(Bytes.of(first + "\r\n\r\n"));
            remote.peer().socket().awaitEnd();
            assertThat(log.linesWith(address)).singleElement().asString().contains(answer);
        }
    }

    @Test
    void anUnknownNameCannotForgeALineOfTheLog() throws Exception {
        try (LogRecorder log = new LogRecorder();
                TestRemote remote = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress())) {
            remote.peer().send(greeting("x\r\n2026 INFO forged\u001b[31m\u202e"));
            remote.peer().socket().awaitEnd();
            assertThat(log.linesWith("x??2026 INFO forged?[31m?")).hasSize(1);
        }
    }

    @Test
    void anUnknownNameIsRefused() throws Exception {
        assertRefused(greeting("nobody").bytes());
        assertRefused(greeting("R").bytes());
    }

    @Test
    void aRemoteMayGoAwayWithinItsGreeting() throws Exception {
        byte[] whole = greeting("r").bytes();
        for (int length = 0; length < whole.length; length++) {
            TestRemote leaving = TestRemote.connect(Dialect.CLASSIC, server.tunnelAddress());
            leaving.peer().send(Arrays.copyOf(whole, length));
            if (length % 2 == 0) {
                leaving.peer().socket().reset();
            } else {
                leaving.peer().socket().finish();
                leaving.peer().socket().awaitEnd();
            }
            leaving.close();
        }
        try (TestRemote remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r")) {
            assertWorks(remote, server.exposed(0));
        }
    }

    @Test
    void aGreetingHasADeadline() throws Exception {
        try (ServerUnderTest hasty = new ServerUnderTest(settings(Duration.ofMillis(200), 100));
                TestRemote silent = TestRemote.connect(Dialect.CLASSIC, hasty.tunnelAddress());
                TestRemote beating = TestRemote.connect(Dialect.CLASSIC, hasty.tunnelAddress());
                TestRemote half = TestRemote.connect(Dialect.CLASSIC, hasty.tunnelAddress())) {
            beating.peer().send(heartbeat(), heartbeat());
            half.peer().send((byte) 0, (byte) 0, (byte) 0);
            for (TestRemote remote : List.of(silent, beating, half)) {
                remote.peer().socket().awaitEnd();
            }
        }
    }

    @Test
    void tunnelsWithoutAGreetingAreLimitedAndTheOldestGoes() throws Exception {
        try (ServerUnderTest small = new ServerUnderTest(settings(Duration.ofSeconds(30), 2));
                TestRemote first = TestRemote.connect(Dialect.CLASSIC, small.tunnelAddress());
                TestRemote second = TestRemote.connect(Dialect.CLASSIC, small.tunnelAddress());
                TestRemote third = TestRemote.connect(Dialect.CLASSIC, small.tunnelAddress())) {
            first.peer().socket().awaitEnd();
            assertThat(second.peer().socket().end()).isEmpty();

            third.peer().send(greeting("r"));
            assertWorks(third, small.exposed(0));
        }
    }

    private static ServerSettings settings(Duration greetingTimeout, int maxGreetings) {
        return TestSettings.server(TestSettings.remote("r", TARGET_PORT)).withGreetings(greetingTimeout, maxGreetings);
    }

    @Test
    void aServerThatStopsLetsGoOfTunnelsWithoutAGreeting() throws Exception {
        try (ServerUnderTest stopping = new ServerUnderTest(settings(Duration.ofSeconds(30), 100));
                TestRemote remote = TestRemote.connect(Dialect.CLASSIC, stopping.tunnelAddress())) {
            remote.peer().sendAndAwaitRead((byte) 0);
            assertThat(stopping.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
            remote.peer().socket().awaitEnd();
        }
    }
}
