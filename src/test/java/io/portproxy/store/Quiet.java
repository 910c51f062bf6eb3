package io.portproxy.store;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Keeps the log of a child process off what it prints. */
final class Quiet {
    private Quiet() {}

    static void logs() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
    }
}
