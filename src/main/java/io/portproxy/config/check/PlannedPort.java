package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.properties.PortType;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;

/**
 * One exposed port, for the log and for messages.
 *
 * @param place where its address was written
 * @param remoteName whose port this is
 * @param settings what is exposed
 */
public record PlannedPort(Place place, String remoteName, PortSettings settings) {
    /** What is exposed. */
    public PortType type() {
        if (settings.isUdp()) {
            return PortType.UDP;
        }
        return settings.http().isPresent() ? PortType.HTTP : PortType.TCP;
    }

    /** Where users connect. */
    public PortAddress address() {
        return settings.address();
    }

    /** Where the remote takes them, of many ports the first. */
    public Target target() {
        return new Target(settings.targetHost(), settings.targetPort());
    }

    /** The same for people. */
    public String targetText() {
        return settings.address().count() > 1 ? "ports " + settings.route().target() : target().toString();
    }
}
