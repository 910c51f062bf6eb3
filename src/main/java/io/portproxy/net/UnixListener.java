package io.portproxy.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening unix socket. {@link #bind} creates its file, and replaces a file that a killed process has left.
 * {@link #close} deletes the file. Any thread.
 */
public final class UnixListener extends Acceptor {
    private static final Logger log = LoggerFactory.getLogger(UnixListener.class);

    private static final int KIND = 0170000; // inode(7)
    private static final int SOCKET = 0140000;

    private final UnixBind bind;
    private final Path file;
    private final @Nullable Object made; // identifies the file that this listener has created

    private UnixListener(ServerSocketChannel channel, UnixBind bind, EventLoop loop, Consumer<SocketChannel> acceptor)
            throws IOException {
        super(channel, bind.path().toString(), loop, acceptor);
        this.bind = bind;
        this.file = bind.address().getPath();
        this.made = key(file);
    }

    /**
     * Binds a listening socket. It accepts nothing before {@link #start}.
     *
     * @param loop the loop whose thread will own the listener
     * @param acceptor takes each accepted connection on the loop's thread; it is non-blocking and otherwise unchanged
     * @throws ListenException if a program already listens there, if the file is no socket, or if it cannot be created
     */
    public static UnixListener bind(UnixBind bind, EventLoop loop, Consumer<SocketChannel> acceptor)
            throws ListenException {
        Path file = bind.address().getPath();
        try {
            removeLeftOver(file, bind);
        } catch (IOException e) {
            throw new ListenException(bind.address(), e);
        }
        return Binding.bind(
                bind.address(), family -> ServerSocketChannel.open(StandardProtocolFamily.UNIX), channel -> {
                    channel.configureBlocking(false);
                    channel.bind(bind.address(), BACKLOG);
                    try {
                        permit(file, bind);
                        refuseEarly(channel);
                        return new UnixListener(channel, bind, loop, acceptor);
                    } catch (IOException | UnsupportedOperationException e) {
                        Files.deleteIfExists(file);
                        throw new IOException("its mode cannot be set: " + e.getMessage(), e);
                    }
                });
    }

    /** Closes the connections that came before the file had its mode. */
    private static void refuseEarly(ServerSocketChannel channel) throws IOException {
        for (SocketChannel early = channel.accept(); early != null; early = channel.accept()) {
            Sockets.close(early);
        }
    }

    private static void permit(Path file, UnixBind bind) throws IOException {
        Files.setPosixFilePermissions(file, bind.permissions());
    }

    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Deletes a socket's file at which nobody listens. */
    private static void removeLeftOver(Path file, UnixBind bind) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & KIND) != SOCKET) {
            throw new IOException("there is a file that is no socket");
        } else if (isListenedAt(bind)) {
            throw new IOException("Address already in use");
        }
        Files.deleteIfExists(file);
        log.debug("the socket {} was left over, and is removed", file);
    }

    private static boolean isListenedAt(UnixBind bind) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false); // if its queue is full, the answer comes at once
            channel.connect(bind.address());
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            log.debug("whether somebody listens at {} is not known", bind.path(), e);
            return true;
        }
    }

    /**
     * Changes the mode: from now on, it decides who may connect.
     *
     * @param other has the same path
     * @throws IOException if the mode cannot be set, or if another file has replaced this one
     */
    public void change(UnixBind other) throws IOException {
        if (!Objects.equals(key(file), made)) {
            throw new IOException("another program has put a file in its place");
        }
        permit(file, other);
    }

    @Override
    public SocketAddress address() {
        return bind.address();
    }

    /** Accepts no more users, and deletes the file, unless another file has replaced it. */
    @Override
    public void close() {
        deleteFile();
        super.close();
    }

    @Override
    public void abort() {
        deleteFile();
        super.abort();
    }

    /**
     * Deletes the file, if it is still this listener's own. As long as the socket is open, no other file has its
     * number.
     */
    private void deleteFile() {
        if (!isOpen()) {
            return;
        }
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key(file), made)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            log.warn("{} cannot be deleted: {}", file, e.getMessage());
        }
    }
}
