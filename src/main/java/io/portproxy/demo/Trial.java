package io.portproxy.demo;

import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.TrialProperties;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Sends bytes through a tunnel to a target that sends them back, and compares them. Then ends the process: with 0 if they are the
 * same, or with 1 and a reason.
 */
@Component
@Profile("trial")
final class Trial implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(Trial.class);
    private static final int CHUNK = 16 * 1024;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final long WAIT_MILLIS = 200;

    private final TrialProperties properties;
    private final ConfigurableApplicationContext context;

    Trial(PortProxyProperties properties, ConfigurableApplicationContext context) {
        this.properties = properties.trial();
        this.context = context;
    }

    /** Tries repeatedly, because the tunnel may not be up yet. Fails at once if a byte differs. */
    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        long deadline = System.nanoTime() + properties.within().toNanos();
        while (true) {
            try {
                exchange();
                log.info(
                        "{} bytes went through {} and came back the same",
                        properties.bytes().toBytes(),
                        properties.through());
                return;
            } catch (IOException e) {
                log.debug("the trial has not succeeded yet", e);
                if (System.nanoTime() - deadline >= 0) {
                    throw failure(String.valueOf(e.getMessage()));
                }
                TimeUnit.MILLISECONDS.sleep(WAIT_MILLIS);
            }
        }
    }

    private FailureAnalyzedException failure(String why) {
        return new FailureAnalyzedException(
                "The trial failed: " + properties.through() + ": " + why,
                "See the server's log and the remote's, and whether the port's target sends back what it gets.");
    }

    /**
     * Sends and compares all bytes. Reads each chunk before it writes the next one, so that no program on the way has to buffer
     * more than a chunk.
     */
    private void exchange() throws IOException {
        Random random = new Random();
        byte[] sent = new byte[CHUNK];
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address(), TIMEOUT_MILLIS);
            InputStream in = socket.getInputStream();
            for (long left = properties.bytes().toBytes(); left > 0; left -= CHUNK) {
                int length = (int) Math.min(left, CHUNK);
                random.nextBytes(sent);
                socket.getOutputStream().write(sent, 0, length);
                byte[] received = in.readNBytes(length);
                if (received.length < length) {
                    throw new IOException("the connection ended");
                } else if (!Arrays.equals(received, 0, length, sent, 0, length)) {
                    throw failure("other bytes came back than were sent");
                }
            }
        }
    }

    private InetSocketAddress address() throws IOException {
        String through = Objects.requireNonNull(properties.through()); // the configuration has been checked
        int colon = through.lastIndexOf(':');
        InetSocketAddress address =
                new InetSocketAddress(through.substring(0, colon), Integer.parseInt(through.substring(colon + 1)));
        if (address.isUnresolved()) {
            throw new IOException("the name does not resolve");
        }
        return address;
    }

    /** Closes the context when the trial is over. This also stops the rest of the process. */
    @EventListener(ApplicationReadyEvent.class)
    void end() {
        context.close();
    }
}
