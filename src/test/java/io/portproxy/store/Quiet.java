package io.portproxy.store;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Turns off the log of a child process, so that it does not mix with the output. */
final class Quiet {
    private Quiet() {}

    static void logs() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
    }
}
