package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.tls.TlsResources;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Encryption;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.Event;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the remote dials again after any error in an attempt, expected or not, and that the next attempt can succeed. */
class DialAgainTest {
    private static final int FAILURES = 2;
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private enum Trouble {
        UNKNOWN_NAME,
        LOOK_UP_THROWS,
        LOOK_UP_MEETS_AN_ERROR,
        LOOK_UP_HANGS,
        LOOK_UP_FINDS_NOTHING,
        NO_THREAD_FOR_THE_LOOK_UP,
        TLS_SET_UP_THROWS,
        TLS_SET_UP_MEETS_AN_ERROR,
        NO_THREAD_FOR_TLS,
        NO_MEMORY_WHEN_IT_FAILS
    }

    private final CountDownLatch hang = new CountDownLatch(1);
    private final AtomicInteger failed = new AtomicInteger();
    private Trouble trouble = Trouble.UNKNOWN_NAME;

    static Stream<Arguments> troubles() {
        return Arrays.stream(Trouble.values())
                .flatMap(trouble -> Arrays.stream(Dialect.values()).map(dialect -> Arguments.of(trouble, dialect)));
    }

    @AfterEach
    void letGo() {
        hang.countDown();
    }

    /** Returns whether this trouble is to occur now. Counts it as a failure if it is the trouble of this test. */
    private boolean meets(Trouble possible) {
        return trouble == possible && failed.getAndIncrement() < FAILURES;
    }

    private static OutOfMemoryError noThread() {
        return new OutOfMemoryError(
                "unable to create native thread: possibly out of memory or process/resource limits");
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        boolean away = trouble == Trouble.NO_MEMORY_WHEN_IT_FAILS && failed.get() <= FAILURES;
        if (away || meets(Trouble.UNKNOWN_NAME)) {
            throw new UnknownHostException(host);
        } else if (meets(Trouble.LOOK_UP_THROWS)) {
            throw new IllegalStateException("a provider of names failed");
        } else if (meets(Trouble.LOOK_UP_MEETS_AN_ERROR)) {
            throw noThread();
        } else if (meets(Trouble.LOOK_UP_FINDS_NOTHING)) {
            return new InetAddress[0];
        } else if (meets(Trouble.LOOK_UP_HANGS)) {
            hang(host);
        }
        return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})};
    }

    private void hang(String host) throws UnknownHostException {
        try {
            hang.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException(host);
    }

    private ThreadFactory threads(Trouble possible, ThreadFactory usual) {
        return task -> {
            if (meets(possible)) {
                throw noThread();
            }
            return usual.newThread(task);
        };
    }

    private TlsSettings tls() {
        SSLContext context = TestCertificates.context("", TestCertificates.CA);
        return new TlsSettings(
                () -> {
                    if (meets(Trouble.TLS_SET_UP_THROWS)) {
                        throw new IllegalStateException("no such bundle");
                    } else if (meets(Trouble.TLS_SET_UP_MEETS_AN_ERROR)) {
                        throw new NoClassDefFoundError("a provider's class");
                    }
                    return context;
                },
                false);
    }

    private void happened(Event event) {
        if (event.type() == Event.Type.DIAL_FAILED && meets(Trouble.NO_MEMORY_WHEN_IT_FAILS)) {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    private ClientSettings client(Dialect dialect, InetSocketAddress server) {
        Token token = dialect == Dialect.EXTENDED ? Token.of(ExtendedSettings.TOKEN) : Token.NONE;
        return ExtendedSettings.overTls(TestSettings.client("r", server, dialect, token), tls());
    }

    private static ServerUnderTest server(Dialect dialect) throws Exception {
        RemoteSettings remote =
                dialect == Dialect.EXTENDED ? ExtendedSettings.remote("r", 7) : TestSettings.remote("r", 7);
        return new ServerUnderTest(Encryption.TLS.of(TestSettings.server(remote)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("troubles")
    void itDialsAgainAndComesUp(Trouble met, Dialect dialect) throws Exception {
        trouble = met;
        TlsResources tls = new TlsResources(1, threads(Trouble.NO_THREAD_FOR_TLS, task -> new Thread(task, "tls")));
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = server(dialect)) {
            InetSocketAddress address = server.tunnelAddress();
            Resolver resolver =
                    new Resolver(this::lookUp, PATIENCE, threads(Trouble.NO_THREAD_FOR_THE_LOOK_UP, Resolver::thread));
            try (ClientUnderTest client = new ClientUnderTest(
                    client(dialect, address),
                    (usual, loops, unused, memory) ->
                            new ProxyClient(usual, loops, tls, memory, this::happened, resolver))) {
                await().until(() -> client.role().view().failures() >= FAILURES && client.connected());
                assertThat(log.linesWith("no tunnel to ")).as("told").isNotEmpty();
                tls.close(); // else its threads, which the client started, would idle for a while
            }
        } finally {
            tls.close();
        }
        assertThat(tls.buffersInUse()).isZero();
        assertThat(failed.get()).as("the trouble was met").isGreaterThan(FAILURES);
    }
}
