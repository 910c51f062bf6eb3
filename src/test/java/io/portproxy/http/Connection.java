package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portproxy.http.HttpRequestRewriter.Result;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;

/** A user's connection to 127.0.0.1:6688 without sockets. It cuts the bytes of the user and records the bytes for the target. */
final class Connection {
    /** The fields that the rewriter adds to a request with the Host of {@link #GET}. */
    static final String ADDED =
            "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Host: 127.0.0.1:6688\r\nX-Forwarded-Port: 6688\r\nX-Forwarded-Proto: http\r\n";

    static final String GET = "GET / HTTP/1.1\r\nHost: 127.0.0.1:6688\r\n\r\n";
    static final String GET_RELAYED = "GET / HTTP/1.1\r\nHost: 127.0.0.1:17211\r\n" + ADDED + "\r\n";

    final HttpRequestRewriter rewriter;
    private final int inSize;
    private final int outSize;
    private final ByteArrayOutputStream relayed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final ByteArrayOutputStream delivered = new ByteArrayOutputStream();
    private Result last = Result.NEED_INPUT;
    private int mostHeld;

    Connection() {
        this(1 << 20, 1 << 20);
    }

    /** Makes a connection that gives the rewriter {@code inSize} bytes and room for {@code outSize} bytes at a time. */
    Connection(int inSize, int outSize) {
        this(settings(HostHeader.Policy.REWRITE), address("127.0.0.1"), inSize, outSize);
    }

    Connection(HttpRewriteSettings settings, InetAddress local, int inSize, int outSize) {
        this.rewriter = new HttpRequestRewriter(
                settings,
                new HttpOrigin(new InetSocketAddress(local, 6688), address("192.0.2.7"), false),
                RouteMatch.ALL);
        this.inSize = inSize;
        this.outSize = outSize;
    }

    static HttpRewriteSettings settings(HostHeader hostHeader) {
        return new HttpRewriteSettings(hostHeader, "127.0.0.1:17211", ForwardedHeaders.ADD, List.of(), 4096);
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    Connection user(String text) {
        return user(text.getBytes(ISO_8859_1));
    }

    /** Sends bytes of the user. Holds the bytes that the rewriter does not take, and sends them first in the next call. */
    Connection user(byte[] bytes) {
        held.writeBytes(bytes);
        byte[] all = held.toByteArray();
        held.reset();
        int at = 0;
        do {
            ByteBuffer in = ByteBuffer.wrap(all, at, Math.min(inSize, all.length - at));
            drain(in);
            at = in.position();
        } while (at < all.length && last == Result.NEED_INPUT);
        if (last != Result.REFUSED) {
            held.write(all, at, all.length - at);
        }
        return this;
    }

    /** Sends the held bytes. */
    Connection resume() {
        return user(new byte[0]);
    }

    @SuppressWarnings("ReferenceEquality") // identity of the buffer is intended
    Connection target(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int at = 0; at < bytes.length && !rewriter.transparent(); at += inSize) {
            ByteBuffer data = ByteBuffer.wrap(bytes, at, Math.min(inSize, bytes.length - at));
            int remaining = data.remaining();
            ByteBuffer passes = rewriter.response(data);
            if (passes == data ? data.remaining() != remaining : data.hasRemaining()) {
                throw new AssertionError("the position is wrong");
            }
            delivered.writeBytes(bytes(passes));
            mostHeld = Math.max(mostHeld, rewriter.heldBytes());
        }
        return this;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Returns the target's bytes that the user has received, without those that pass when the connection is transparent. */
    String delivered() {
        return delivered.toString(ISO_8859_1);
    }

    /** Ends the direction of the target. */
    Connection targetEnds() {
        delivered.writeBytes(bytes(rewriter.responsesEnded()));
        return this;
    }

    Result last() {
        return last;
    }

    String relayed() {
        return relayed.toString(ISO_8859_1);
    }

    /** Returns the bytes relayed since the last call. */
    String takeRelayed() {
        String text = relayed();
        relayed.reset();
        return text;
    }

    String waiting() {
        return held.toString(ISO_8859_1);
    }

    String refusal() {
        return new String(rewriter.refusal(ErrorPages.none()), US_ASCII);
    }

    /** Returns the largest number of bytes that the rewriter held between two calls. */
    int mostHeld() {
        return mostHeld;
    }

    private void drain(ByteBuffer in) {
        do {
            ByteBuffer out = ByteBuffer.allocate(outSize);
            last = rewriter.rewrite(in, out);
            mostHeld = Math.max(mostHeld, rewriter.heldBytes());
            relayed.write(out.array(), 0, out.position());
        } while (last == Result.OUTPUT_FULL);
    }
}
