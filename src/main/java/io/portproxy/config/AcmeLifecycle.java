package io.portproxy.config;

import io.portproxy.acme.AcmeCertificates;
import java.util.Set;
import org.springframework.context.SmartLifecycle;

/** Begins to order once this process answers challenges, and ends that before it stops to. */
final class AcmeLifecycle implements SmartLifecycle {
    private final AcmeCertificates certificates;
    private volatile boolean running;

    AcmeLifecycle(AcmeCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public void start() {
        certificates.start(Set::of);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        certificates.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return RuntimeLifecycle.PHASE + 1;
    }

    /** Its thread starts once. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
