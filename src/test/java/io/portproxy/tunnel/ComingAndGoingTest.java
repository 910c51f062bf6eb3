package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests eight remotes, of which five come and go at random, while users download through all of them. */
@ParameterizedClass
@EnumSource
class ComingAndGoingTest {
    private static final int REMOTES = 8;
    private static final int STEADY = 3; // the first ones
    private static final int CHANGES = 40;
    private static final int MAX_DOWNLOAD = 600_000;
    private static final long SEED = 4711;

    private final Target target = new Target(this::serve);
    private final Set<Long> requested = ConcurrentHashMap.newKeySet();
    private final ExecutorService users = Executors.newCachedThreadPool();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final ClientUnderTest[] clients = new ClientUnderTest[REMOTES];
    private final Speech speech;
    private ServerUnderTest server;

    ComingAndGoingTest(Speech speech) {
        this.speech = speech;
    }

    /** Reads a seed and a length, and sends that many bytes made from the seed. */
    private void serve(Socket socket) throws IOException {
        DataInputStream request = new DataInputStream(socket.getInputStream());
        long seed = request.readLong();
        requested.add(seed);
        byte[] bytes = Bytes.random(seed, request.readInt());
        Random pieces = new Random(seed);
        OutputStream out = socket.getOutputStream();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(bytes.length - from, 1 + pieces.nextInt(20_000));
            out.write(bytes, from, length);
            from += length;
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(IntStream.range(0, REMOTES)
                .mapToObj(i -> speech.remote("r" + i, target.port()))
                .toArray(RemoteSettings[]::new)));
        for (int i = 0; i < REMOTES; i++) {
            startClient(i);
        }
    }

    private void startClient(int i) throws Exception {
        clients[i] = new ClientUnderTest(speech.client("r" + i, server.tunnelAddress()));
    }

    @AfterEach
    void stop() throws Exception {
        over.set(true);
        users.shutdown();
        for (ClientUnderTest client : clients) {
            if (client != null) {
                client.close();
            }
        }
        server.close();
        await().until(() -> target.connections() == 0);
        target.close();
    }

    @Test
    void othersBytesAreExactAndWhatIsCutNeverLooksComplete() throws Exception {
        for (int i = 0; i < STEADY; i++) {
            int steady = i;
            await().until(() -> download(server.exposed(steady), new Random(steady), 1000));
        }
        whole.set(0);
        cut.set(0);
        List<Future<?>> downloads = new ArrayList<>();
        for (int i = 0; i < 2 * REMOTES; i++) {
            Random random = new Random(SEED + i);
            int remote = i % REMOTES;
            downloads.add(users.submit(() -> downloadAll(remote, random)));
        }
        comeAndGo();
        over.set(true);
        for (Future<?> download : downloads) {
            download.get(60, TimeUnit.SECONDS);
        }
        assertThat(cut.get()).as("downloads that were cut").isPositive();
    }

    private void comeAndGo() throws Exception {
        Random random = new Random(SEED);
        // Downloads are short. On a busy machine it can take many changes until one of them cuts a download.
        for (int change = 0; change < CHANGES || (cut.get() == 0 && change < 20 * CHANGES); change++) {
            int i = STEADY + random.nextInt(REMOTES - STEADY);
            int wholeBefore = whole.get();
            if (random.nextInt(3) == 0 && clients[i] != null) {
                // A second remote takes the name over. The first takes it back, until they quarrel or it is stopped.
                ClientUnderTest first = clients[i];
                startClient(i);
                ClientUnderTest second = clients[i];
                first.close();
                await().until(second::connected);
            } else if (clients[i] == null) {
                startClient(i);
            } else {
                clients[i].close();
                clients[i] = null;
            }
            await().until(() -> whole.get() > wholeBefore); // the other remotes continue to serve
        }
    }

    private Void downloadAll(int remote, Random random) throws Exception {
        while (!over.get()) {
            boolean complete = download(server.exposed(remote), random, 1 + random.nextInt(MAX_DOWNLOAD));
            assertThat(complete || remote >= STEADY)
                    .as("a steady remote's download is complete")
                    .isTrue();
        }
        return null;
    }

    /**
     * Returns whether all bytes came. If fewer came, they must be right and end with a reset. The classic dialect has only
     * InsCloseConnection to say that a remote does not dial any more, so there an empty clean end counts as a refusal if the target has
     * not seen the request.
     */
    private boolean download(InetSocketAddress exposed, Random random, int length) throws Exception {
        long seed = random.nextLong();
        try (PlainSocket user = PlainSocket.connect(exposed)) {
            request(user, seed, length);
            End end = user.awaitEnd();
            byte[] received = user.received();
            byte[] expected = Arrays.copyOf(Bytes.random(seed, length), received.length);
            assertThat(Arrays.equals(received, expected))
                    .as("the %s bytes are those that were sent", received.length)
                    .isTrue();
            boolean refused = speech.dialect() == Dialect.CLASSIC && received.length == 0 && !requested.contains(seed);
            if (end == End.CLEAN && !refused) {
                assertThat(received.length).as("bytes before a clean end").isEqualTo(length);
                whole.incrementAndGet();
            } else if (received.length > 0) {
                cut.incrementAndGet();
            }
            return received.length == length;
        }
    }

    private static void request(PlainSocket user, long seed, int length) {
        try {
            user.send(ByteBuffer.allocate(12).putLong(seed).putInt(length).array());
        } catch (IOException e) {
            // The connection is reset already, because its remote is away.
        }
    }
}
