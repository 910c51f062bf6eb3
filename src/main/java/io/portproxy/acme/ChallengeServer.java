package io.portproxy.acme;

import io.portproxy.acme.AcmeFailure.Of;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers http-01 if no gateway does. It listens only while a challenge is open. It accepts {@value #MOST_AT_A_TIME} connections at a time,
 * each with at most {@value #MOST_HEAD_BYTES} bytes, and resets further ones.
 */
final class ChallengeServer implements AutoCloseable {
    /** Does not listen, because another server answers. */
    static final ChallengeServer NONE = new ChallengeServer(null, new Challenges());

    private static final Logger log = LoggerFactory.getLogger(ChallengeServer.class);
    private static final int MOST_AT_A_TIME = 16; // an authority checks from several places at once
    private static final int MOST_HEAD_BYTES = 4096;
    private static final int READ_MILLIS = 5000;
    private static final Pattern REQUEST =
            Pattern.compile("GET /\\.well-known/acme-challenge/([A-Za-z0-9_-]{1,200}) HTTP/1\\.[01]\r?\n");

    private final @Nullable ServerSocket socket;
    private final Challenges challenges;
    private final AtomicInteger requests = new AtomicInteger();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MOST_AT_A_TIME + 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "acme-http");
                thread.setDaemon(true);
                return thread;
            });

    private ChallengeServer(@Nullable ServerSocket socket, Challenges challenges) {
        this.socket = socket;
        this.challenges = challenges;
    }

    /**
     * Starts to listen.
     *
     * @throws AcmeFailure the address cannot be used
     */
    static ChallengeServer open(InetSocketAddress address, Challenges challenges) throws AcmeFailure {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(address);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
            ChallengeServer server = new ChallengeServer(socket, challenges);
            server.threads.execute(() -> server.accept(socket));
            return server;
        } catch (IOException e) {
            throw new AcmeFailure(
                    Of.THE_NAME,
                    "nothing can listen at " + address.getHostString() + ":" + address.getPort() + " for http-01: "
                            + e.getMessage() + " (portproxy.acme.http-bind)");
        }
    }

    boolean isOpen() {
        return socket != null;
    }

    /** Returns the number of requests that came. */
    int requests() {
        return requests.get();
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket user = listening.accept();
                try {
                    threads.execute(() -> answer(user));
                } catch (RejectedExecutionException e) {
                    user.setSoLinger(true, 0);
                    user.close();
                }
            } catch (IOException e) {
                log.debug("no more challenges are answered", e);
                return;
            }
        }
    }

    private void answer(Socket user) {
        try (user) {
            user.setSoTimeout(READ_MILLIS);
            Matcher request = REQUEST.matcher(head(user.getInputStream()));
            Optional<String> answer = request.lookingAt() ? challenges.http(request.group(1)) : Optional.empty();
            requests.incrementAndGet();
            String body = answer.orElse("There is no such challenge.\n");
            String head = "HTTP/1.1 " + (answer.isPresent() ? "200 OK" : "404 Not Found")
                    + "\r\nContent-Type: " + (answer.isPresent() ? "application/octet-stream" : "text/plain")
                    + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n";
            user.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            user.shutdownOutput();
        } catch (IOException e) {
            log.debug("a request for a challenge came to nothing", e);
        }
    }

    private static String head(InputStream in) throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READ_MILLIS);
        byte[] bytes = new byte[MOST_HEAD_BYTES];
        int length = 0;
        while (length < bytes.length && System.nanoTime() - until < 0) {
            int count = in.read(bytes, length, bytes.length - length);
            if (count < 0) {
                break;
            }
            length += count;
            String head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            if (head.contains("\r\n\r\n") || head.contains("\n\n")) {
                return head;
            }
        }
        throw new IOException("the request's head is too long, too slow or cut off");
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                log.debug("the socket for challenges could not be closed", e);
            }
            threads.shutdown();
        }
    }
}
