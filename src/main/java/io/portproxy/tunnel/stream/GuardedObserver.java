package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;
import java.io.IOException;

/**
 * Passes calls on to an observer. If the observer throws, the exception does not reach the stream. On the tunnel's
 * loop.
 */
final class GuardedObserver implements StreamObserver {
    private final EventLoop loop;
    private final StreamObserver observer;

    GuardedObserver(EventLoop loop, StreamObserver observer) {
        this.loop = loop;
        this.observer = observer;
    }

    /** Returns the guarded observer. */
    StreamObserver observer() {
        return observer;
    }

    @Override
    public void opened(long identity) {
        loop.guarded(() -> observer.opened(identity));
    }

    @Override
    public void connected() {
        loop.guarded(observer::connected);
    }

    @Override
    public void read(int bytes) {
        try {
            observer.read(bytes);
        } catch (Throwable e) {
            loop.failed(this, e);
        }
    }

    @Override
    public void received(int bytes) {
        try {
            observer.received(bytes);
        } catch (Throwable e) {
            loop.failed(this, e);
        }
    }

    @Override
    public void dropped(DatagramDrop why) {
        try {
            observer.dropped(why);
        } catch (Throwable e) {
            loop.failed(this, e);
        }
    }

    @Override
    public void windowFull() {
        try {
            observer.windowFull();
        } catch (Throwable e) {
            loop.failed(this, e);
        }
    }

    @Override
    public void windowOpen() {
        try {
            observer.windowOpen();
        } catch (Throwable e) {
            loop.failed(this, e);
        }
    }

    @Override
    public void waitsForTurn() {
        try {
            observer.waitsForTurn();
        } catch (Throwable e) {
            loop.failed(this, e);
        }
    }

    @Override
    public void refused(String why) {
        loop.guarded(() -> observer.refused(why));
    }

    @Override
    public void connectFailed(Reason reason, IOException cause) {
        loop.guarded(() -> observer.connectFailed(reason, cause));
    }

    @Override
    public void failed(Reason reason, IOException cause) {
        loop.guarded(() -> observer.failed(reason, cause));
    }

    @Override
    public void closed(Reason reason, long read, long received) {
        loop.guarded(() -> observer.closed(reason, read, received));
    }

    @Override
    public String toString() {
        return observer.toString();
    }
}
