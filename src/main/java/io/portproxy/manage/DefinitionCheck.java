package io.portproxy.manage;

import io.portproxy.net.ListenException;
import io.portproxy.server.Exposure;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.GatewaySettings;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Checks what people describe, by the rules that files have to keep, and resolves it. */
public interface DefinitionCheck {

    /**
     * Begins to check remotes that are to be beside each other, and beside others.
     *
     * @param others what there is already, and right: gateways and remotes
     * @param keptBack those that are not exposed now; nobody else gets their hosts
     */
    Session begin(Exposure others, Collection<RemoteDefinition> keptBack);

    /**
     * Checks gateways that are to be beside each other, and beside others; may block on name resolution.
     *
     * @param others what there is already, and right: gateways and remotes
     * @return what there is to say of each of them, in their order
     */
    List<Result<GatewaySettings>> gateways(Exposure others, List<Gateway> gateways);

    /**
     * A gateway that is to be checked.
     *
     * @param pointer where in the document it is
     * @param bound what the same definition has come to before; it stays while a name cannot be resolved
     */
    record Gateway(GatewayDefinition definition, String pointer, Optional<GatewaySettings> bound) {}

    /**
     * Says what is wrong with an address that could not be listened on.
     *
     * @param pointer where in the document it is
     */
    ChangeProblem problem(ListenException failure, String pointer);

    /** Knows what it was asked before: a name or an address that comes twice is a problem of the second. For one thread. */
    interface Session {
        /**
         * Checks a remote; may block on name resolution.
         *
         * @param bound what the same definition has come to before, and what is exposed of it; it stays while a name cannot be resolved
         */
        Result<RemoteSettings> check(RemoteDefinition remote, Pointers pointers, Optional<RemoteSettings> bound);
    }

    /**
     * What a check says.
     *
     * @param settings what it comes to, a remote without tokens; empty if there are problems
     * @param problems all that is wrong
     */
    record Result<S>(Optional<S> settings, List<ChangeProblem> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Where a remote, its ports and its hosts are in a document, as JSON pointers.
     *
     * @param remote the remote; empty for the whole document
     * @param only the pointer, within the remote, to the port or host that is the whole document; empty if the remote is
     */
    record Pointers(String remote, String only) {
        /** A document that is the remote. */
        public static final Pointers WHOLE = at("");

        /** A document that has the remote at a pointer. */
        public static Pointers at(String pointer) {
            return new Pointers(pointer, "");
        }

        /** A document that has remotes by their names. */
        public static Pointers ofRemote(String name) {
            return at(ofName(name));
        }

        /** The pointer to what stands by its name in a document. */
        static String ofName(String name) {
            return "/" + name.replace("~", "~0").replace("/", "~1");
        }

        /** A document that is one of the remote's ports. */
        public static Pointers ofPort(int index) {
            return new Pointers("", "/ports/" + index);
        }

        /** A document that is one of the remote's hosts. */
        public static Pointers ofHost(int index) {
            return new Pointers("", "/hosts/" + index);
        }

        /** The pointer to one of the remote's ports. */
        public String port(int index) {
            return within("/ports/" + index);
        }

        /** The pointer to one of the remote's hosts. */
        public String host(int index) {
            return within("/hosts/" + index);
        }

        private String within(String pointer) {
            return pointer.equals(only) ? "" : remote + pointer;
        }

        /** The pointer to the list of ports. */
        String ports() {
            return only.isEmpty() ? remote + "/ports" : "";
        }

        /** The pointer to the address of one of the remote's ports. */
        String bind(int index) {
            return port(index) + "/bind";
        }
    }
}
