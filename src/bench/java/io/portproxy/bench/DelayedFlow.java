package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One direction of a connection over a long path. One thread reads bytes from a socket at the rate of the line. Another thread writes them
 * to the other socket when the delay is over. The flow holds only as many bytes as the delay needs, so a receiver that does not read stops
 * the sender. No bytes are lost.
 */
final class DelayedFlow {
    /** Bytes and the time when they are written. An empty piece is the end of the flow. */
    private record Piece(ByteBuffer bytes, long dueAt) {}

    private final SocketChannel from;
    private final SocketChannel to;
    private final Line line;
    private final Queue<Piece> underWay = new ArrayDeque<>();
    private final Queue<ByteBuffer> spare = new ArrayDeque<>();
    private long bytesUnderWay;

    private DelayedFlow(SocketChannel from, SocketChannel to, Line line) {
        this.from = from;
        this.to = to;
        this.line = line;
    }

    /** Starts a flow. It runs until one of the sockets ends or is closed. */
    static void start(SocketChannel from, SocketChannel to, Line line) {
        DelayedFlow flow = new DelayedFlow(from, to, line);
        run("line-in", flow::takeIn, from, to);
        run("line-out", flow::giveOut, from, to);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void run(String name, Work work, SocketChannel from, SocketChannel to) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException e) {
                        DelayRelay.closeQuietly(from);
                        DelayRelay.closeQuietly(to);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void takeIn() throws IOException, InterruptedException {
        try {
            while (true) {
                ByteBuffer buffer = room();
                if (from.read(buffer) < 0) {
                    return;
                }
                long cameAt = System.nanoTime();
                long leftAt = line.reserve(buffer.flip().remaining());
                Clock.sleepUntil(leftAt);
                add(new Piece(buffer, Math.max(cameAt, leftAt) + line.profile().oneWayNanos()));
            }
        } finally {
            add(new Piece(
                    ByteBuffer.allocate(0), System.nanoTime() + line.profile().oneWayNanos()));
        }
    }

    private void giveOut() throws IOException, InterruptedException {
        while (true) {
            Piece piece = next();
            Clock.sleepUntil(piece.dueAt());
            if (!piece.bytes().hasRemaining()) {
                to.shutdownOutput();
                return;
            }
            while (piece.bytes().hasRemaining()) {
                to.write(piece.bytes());
            }
            free(piece.bytes());
        }
    }

    /** Waits until the line has room for another piece. */
    private synchronized ByteBuffer room() throws InterruptedException {
        while (bytesUnderWay >= line.profile().capacityBytes()) {
            wait();
        }
        ByteBuffer buffer = spare.poll();
        return buffer == null ? ByteBuffer.allocateDirect(line.profile().pieceBytes()) : buffer.clear();
    }

    private synchronized void add(Piece piece) {
        underWay.add(piece);
        bytesUnderWay += piece.bytes().remaining();
        notifyAll();
    }

    private synchronized Piece next() throws InterruptedException {
        while (underWay.isEmpty()) {
            wait();
        }
        return underWay.remove();
    }

    private synchronized void free(ByteBuffer buffer) {
        bytesUnderWay -= buffer.limit();
        spare.add(buffer);
        notifyAll();
    }
}
