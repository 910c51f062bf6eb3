package io.portproxy.config;

import org.springframework.context.SmartLifecycle;

/**
 * Stops the roles when the context begins to stop. The web server still answers during that time, so that an operator sees what
 * the stop waits for and can close it. Readiness is already down, because Spring Boot refuses traffic before it stops anything.
 * {@link #stop} blocks its thread, so that Spring's own limit for a phase does not shorten the grace period.
 */
final class Drain implements SmartLifecycle {
    private final RuntimeLifecycle roles;
    private volatile boolean running;

    Drain(RuntimeLifecycle roles) {
        this.roles = roles;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        roles.drain();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The highest phase: starts last and stops first. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }
}
