package io.portproxy.config.check;

import io.portproxy.config.definition.GatewayDefinitions;
import io.portproxy.config.definition.RemoteDefinitions;
import io.portproxy.config.problem.ListenProblem;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.RemotePlaces;
import io.portproxy.config.problem.WrittenValues;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.TlsBundles;
import io.portproxy.config.tls.TlsCheck;
import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.DefinitionCheck;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.Exposure;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks changes of gateways and remotes while the process runs, by the same rules as those in files. */
public final class ChangeCheck implements DefinitionCheck {
    private final Consumer<ListenAddresses> others;
    private final TlsBundles bundles;
    private final AcmeDoor door;
    private final Optional<TlsSettings> tunnelTls;
    private final int maxRange;

    /**
     * @param others claims the addresses in this process that belong neither to gateways nor to remotes
     * @param bundles the SSL bundles of the process
     * @param door where the process finds certificates by ACME
     * @param tunnelTls the TLS settings of the tunnel port
     * @param maxRange the most ports that one entry may have
     */
    ChangeCheck(
            Consumer<ListenAddresses> others,
            TlsBundles bundles,
            AcmeDoor door,
            Optional<TlsSettings> tunnelTls,
            int maxRange) {
        this.maxRange = maxRange;
        this.others = others;
        this.bundles = bundles;
        this.door = door;
        this.tunnelTls = tunnelTls;
    }

    private ListenAddresses addresses(Exposure there, Problems problems) {
        ListenAddresses addresses = new ListenAddresses(problems);
        others.accept(addresses);
        there.gateways()
                .forEach(gateway -> addresses.claim(
                        Place.property("gateway " + gateway.name()), Sockets.text(gateway.bind()), gateway.bind()));
        addresses.claim(there.remotes());
        return addresses;
    }

    @Override
    public List<Result<GatewaySettings>> gateways(Exposure there, List<Gateway> gateways) {
        Problems problems = new Problems();
        ListenAddresses addresses = addresses(there, problems);
        GatewayCheck check = new GatewayCheck(addresses, new TlsCheck(bundles, door, problems), tunnelTls, problems);
        there.gateways().forEach(check::take);
        List<GatewayCheck.Written> written = new ArrayList<>();
        for (Gateway gateway : gateways) {
            Place place = Place.body(gateway.pointer());
            if (gateway.definition().ssl().acme() && door.certificates().isEmpty()) {
                problems.add(
                        place.key("ssl").key("acme"),
                        true,
                        "asks for ACME, which this server has not started with",
                        "write portproxy.acme with terms-accepted and restart the server, or name a bundle");
            }
            written.add(new GatewayCheck.Written(
                    place, GatewayDefinitions.properties(gateway.definition(), problems, place)));
        }
        List<Optional<GatewaySettings>> settings = check.run(written);
        tunnelsAreNoHosts(there, check.names(), problems);
        List<Result<GatewaySettings>> results = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            results.add(result(
                    written.get(i).place(), settings.get(i), gateways.get(i).bound(), addresses, problems));
        }
        return results;
    }

    private static void tunnelsAreNoHosts(Exposure there, GatewayNames gateways, Problems problems) {
        there.remotes()
                .forEach(remote -> remote.hosts()
                        .forEach(host -> gateways.tunnelOf(host)
                                .ifPresent(gateway -> problems.add(
                                        gateway.place().key("tunnel"),
                                        gateway.tunnel().orElse(""),
                                        "is host " + host.address() + " of remote " + remote.name(),
                                        "write another name, or remove that host first"))));
    }

    private static Result<GatewaySettings> result(
            Place place,
            Optional<GatewaySettings> settings,
            Optional<GatewaySettings> bound,
            ListenAddresses addresses,
            Problems problems) {
        List<Problem> found = problems.all().stream()
                .filter(problem -> place.contains(problem.place()))
                .toList();
        boolean stays = bound.isPresent()
                && !found.isEmpty()
                && found.stream().allMatch(Problem::mayPass)
                && addresses.take(place.key("bind"), bound.get().bind());
        return new Result<>(
                stays ? bound : settings.filter(right -> found.isEmpty()),
                stays
                        ? List.of()
                        : found.stream().map(problem -> problem(problem, false)).toList());
    }

    @Override
    public Session begin(Exposure there, Collection<RemoteDefinition> keptBack) {
        Problems problems = new Problems();
        ListenAddresses addresses = addresses(there, problems);
        RemoteCheck remotes = new RemoteCheck(addresses, GatewayNames.of(there.gateways()), maxRange, problems);
        there.remotes().forEach(remote -> {
            remotes.take(remote.name(), Place.property("the name of another remote"));
            remotes.claimHosts(remote);
        });
        keptBack.forEach(remotes::reserveHosts);
        return (remote, pointers, bound) -> {
            Result<RemoteSettings> result = check(remote, pointers, remotes, problems);
            return result.settings().isEmpty() && bound.isPresent() && stays(bound.get(), pointers, problems, addresses)
                    ? new Result<>(bound, List.of())
                    : result;
        };
    }

    /**
     * Returns whether a bound remote can stay: the only problems are names that do not resolve now, and its addresses are still
     * free for it.
     */
    private static boolean stays(
            RemoteSettings bound, DefinitionCheck.Pointers pointers, Problems problems, ListenAddresses addresses) {
        Place place = Place.body(pointers.remote());
        if (!problems.all().stream()
                .filter(problem -> place.contains(problem.place()))
                .allMatch(Problem::mayPass)) {
            return false;
        }
        boolean free = true;
        for (int i = 0; i < bound.ports().size(); i++) {
            Place bind = PortCheck.bind(Place.body(pointers.port(i)));
            free &= !problems.areAt(bind) || addresses.take(bind, bound.ports().get(i));
        }
        return free;
    }

    private static Result<RemoteSettings> check(
            RemoteDefinition remote, DefinitionCheck.Pointers pointers, RemoteCheck remotes, Problems problems) {
        int before = problems.all().size();
        RemotePlaces places = new RemotePlaces(
                Place.body(pointers.remote()),
                index -> Place.body(pointers.port(index)),
                index -> Place.body(pointers.host(index)));
        Optional<RemoteSettings> settings = remotes.run(places, RemoteDefinitions.properties(remote, problems, places));
        List<Problem> found = problems.all();
        return new Result<>(
                settings,
                found.subList(before, found.size()).stream()
                        .map(problem -> problem(problem, remotes.isTaken(problem.place())))
                        .toList());
    }

    @Override
    public ChangeProblem problem(ListenException failure, String pointer) {
        return problem(ListenProblem.of(WrittenValues.NONE, Place.body(pointer), failure), true);
    }

    private static ChangeProblem problem(Problem problem, boolean conflict) {
        return new ChangeProblem(
                problem.place().text(),
                Optional.of(problem.value()).filter(value -> !value.isEmpty()),
                problem.reason(),
                problem.fix(),
                conflict);
    }
}
