package io.portproxy.manage;

import io.portproxy.net.ListenException;
import io.portproxy.server.Exposure;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Checks definitions by the same rules as files, and resolves them. */
public interface DefinitionCheck {

    /**
     * Starts a check of remotes that will exist together, and beside others.
     *
     * @param others the gateways and remotes that already exist and are correct
     * @param keptBack remotes that are not exposed now; no other remote may take their hosts
     */
    Session begin(Exposure others, Collection<RemoteDefinition> keptBack);

    /**
     * Checks gateways that will exist together, and beside others. May block on name resolution.
     *
     * @param others the gateways and remotes that already exist and are correct
     * @return one result for each gateway, in their order
     */
    List<Result<GatewaySettings>> gateways(Exposure others, List<Gateway> gateways);

    /**
     * A gateway to check.
     *
     * @param pointer where in the document the gateway is
     * @param bound what the same definition resolved to before; it is used again while a name cannot be resolved
     */
    record Gateway(GatewayDefinition definition, String pointer, Optional<GatewaySettings> bound) {}

    /**
     * Describes why an address could not be listened on.
     *
     * @param pointer where in the document the address is
     */
    ChangeProblem problem(ListenException failure, String pointer);

    /** Remembers the remotes that it has checked. If a name or address occurs twice, the second one has a problem. For one thread. */
    interface Session {
        /**
         * Checks a remote. May block on name resolution.
         *
         * @param bound what the same definition resolved to before and is exposed now; it is used again while a name cannot be resolved
         */
        Result<RemoteSettings> check(RemoteDefinition remote, Pointers pointers, Optional<RemoteSettings> bound);
    }

    /**
     * The result of a check.
     *
     * @param settings the resolved settings, of a remote without its tokens; empty if there are problems
     * @param problems all problems that were found
     */
    record Result<S>(Optional<S> settings, List<ChangeProblem> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /**
     * The places of a remote, its ports and its hosts in a document, as JSON pointers.
     *
     * @param remote the pointer to the remote; empty if the remote is the whole document
     * @param only the pointer, within the remote, to the port or host that is the whole document; empty if the document contains the whole
     *     remote
     */
    record Pointers(String remote, String only) {
        /** For a document that is the remote. */
        public static final Pointers WHOLE = at("");

        /** Returns pointers for a document that has the remote at a pointer. */
        public static Pointers at(String pointer) {
            return new Pointers(pointer, "");
        }

        /** Returns pointers for a document that has remotes by their names. */
        public static Pointers ofRemote(String name) {
            return at(ofName(name));
        }

        /** Returns the pointer to an entry that a document has by its name. */
        static String ofName(String name) {
            return "/" + name.replace("~", "~0").replace("/", "~1");
        }

        /** Returns pointers for a document that is one of the remote's ports. */
        public static Pointers ofPort(int index) {
            return new Pointers("", "/ports/" + index);
        }

        /** Returns pointers for a document that is one of the remote's hosts. */
        public static Pointers ofHost(int index) {
            return new Pointers("", "/hosts/" + index);
        }

        /** Returns the pointer to one of the remote's ports. */
        public String port(int index) {
            return within("/ports/" + index);
        }

        /** Returns the pointer to one of the remote's hosts. */
        public String host(int index) {
            return within("/hosts/" + index);
        }

        private String within(String pointer) {
            return pointer.equals(only) ? "" : remote + pointer;
        }

        /** Returns the pointer to the list of ports. */
        String ports() {
            return only.isEmpty() ? remote + "/ports" : "";
        }

        /** Returns the pointer to the address of one of the remote's ports. */
        String bind(int index) {
            return port(index) + "/bind";
        }
    }
}
