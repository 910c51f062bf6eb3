package io.portproxy.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between remotes and a proxy server. When a test asks for it, the relay cuts tunnels or drops their bytes. */
public final class Relay implements AutoCloseable {
    /** The way in which a tunnel is cut. */
    public enum Cut {
        /** With a FIN in both directions. */
        FIN,
        /** With a RST in both directions. */
        RST
    }

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile Cut how = Cut.RST;
    private volatile long cutAfter = Long.MAX_VALUE;

    /** Listens for remotes of the server. */
    public Relay(InetSocketAddress server) throws IOException {
        this.server = server;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Returns the address where remotes connect. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Returns the number of tunnels so far. They are numbered from 0 in the order in which they came. */
    public int tunnels() {
        return links.size();
    }

    /** Cuts each tunnel, from now on, when it has carried that many bytes in both directions together. */
    public void cutAfter(long bytes, Cut cut) {
        how = cut;
        cutAfter = bytes;
    }

    /** Cuts one tunnel, counted from 0. */
    public void cut(int index, Cut cut) throws IOException {
        links.get(index).cut(cut);
    }

    /** Drops all further bytes of the existing tunnels, without a FIN or a RST. */
    public void freeze() {
        links.forEach(link -> link.frozen = true);
    }

    /** Returns the bytes that a tunnel has carried in both directions. */
    public long carried(int index) {
        return links.get(index).carried.get();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket remote = listener.accept();
                Socket dialled = new Socket(server.getAddress(), server.getPort());
                remote.setTcpNoDelay(true);
                dialled.setTcpNoDelay(true);
                Link link = new Link(remote, dialled);
                links.add(link);
                start(() -> link.carry(remote, dialled));
                start(() -> link.carry(dialled, remote));
            }
        } catch (IOException e) {
            // Closed, or the server has gone.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Link link : links) {
            link.cut(Cut.RST);
        }
    }

    private final class Link {
        private final Socket remote;
        private final Socket dialled;
        private final AtomicLong carried = new AtomicLong();
        private volatile boolean frozen;

        Link(Socket remote, Socket dialled) {
            this.remote = remote;
            this.dialled = dialled;
        }

        void carry(Socket from, Socket to) {
            byte[] chunk = new byte[64 * 1024];
            try {
                for (int n = from.getInputStream().read(chunk);
                        n >= 0;
                        n = from.getInputStream().read(chunk)) {
                    long before = carried.getAndAdd(n);
                    if (frozen) {
                        continue;
                    }
                    int pass = (int) Math.max(0, Math.min(n, cutAfter - before));
                    to.getOutputStream().write(chunk, 0, pass);
                    if (pass < n) {
                        cut(how);
                        return;
                    }
                }
                if (!frozen) {
                    to.shutdownOutput();
                }
            } catch (IOException e) {
                quietlyReset();
            }
        }

        private void quietlyReset() {
            try {
                cut(Cut.RST);
            } catch (IOException e) {
                // It is closed already.
            }
        }

        synchronized void cut(Cut cut) throws IOException {
            for (Socket socket : List.of(remote, dialled)) {
                if (!socket.isClosed() && cut == Cut.RST) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } else if (!socket.isClosed() && !socket.isOutputShutdown()) {
                    socket.shutdownOutput();
                }
            }
        }
    }
}
