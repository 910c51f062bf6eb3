package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.properties.PortType;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;

/**
 * One exposed port, for the log and for messages.
 *
 * @param place the place where its address was written
 * @param remoteName the name of the remote that the port belongs to
 * @param settings the port's settings
 */
public record PlannedPort(Place place, String remoteName, PortSettings settings) {
    /** Returns the type of the port. */
    public PortType type() {
        if (settings.isUdp()) {
            return PortType.UDP;
        }
        return settings.http().isPresent() ? PortType.HTTP : PortType.TCP;
    }

    /** Returns the address where users connect. */
    public PortAddress address() {
        return settings.address();
    }

    /** Returns the target, or the first target of several ports. */
    public Target target() {
        return new Target(settings.targetHost(), settings.targetPort());
    }

    /** Returns the text of all targets, for people. */
    public String targetText() {
        return settings.address().count() > 1 ? "ports " + settings.route().target() : target().toString();
    }
}
