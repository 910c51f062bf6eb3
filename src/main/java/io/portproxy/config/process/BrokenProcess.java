package io.portproxy.config.process;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Ends a process that has lost an event loop. The loop's ports and tunnels do not come back, so only a new process helps. systemd
 * and container engines start a process again only after it has ended.
 */
public final class BrokenProcess implements Runnable {
    /** EX_SOFTWARE of sysexits.h. */
    static final int EXIT_CODE = 70;

    private static final Logger log = LoggerFactory.getLogger(BrokenProcess.class);

    private final ConfigurableApplicationContext context;
    private final IntConsumer exit;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** @param exit ends the process with an exit code */
    public BrokenProcess(ConfigurableApplicationContext context, IntConsumer exit) {
        this.context = context;
        this.exit = exit;
    }

    /**
     * Stops the application in the usual way, so that streams on other loops get {@code shutdown-grace}. Then ends the process.
     */
    @Override
    public void run() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        try {
            log.error("an event loop has ended, so the process ends with exit code {}: start it again", EXIT_CODE);
            AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
            SpringApplication.exit(context);
        } finally {
            exit.accept(EXIT_CODE);
        }
    }
}
