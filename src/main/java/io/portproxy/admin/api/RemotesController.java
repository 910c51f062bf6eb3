package io.portproxy.admin.api;

import io.portproxy.admin.events.Role;
import io.portproxy.admin.problem.NotFoundException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The remotes: those that the proxy server knows, and the one that this process itself is. */
@RestController
@RequestMapping(path = "/api/v1/remotes", produces = "application/json")
class RemotesController {
    private final Operations operations;

    RemotesController(Operations operations) {
        this.operations = operations;
    }

    /** Lists all remotes. Those that are away are included. They are in the order of the configuration. */
    @GetMapping
    List<RemoteJson> listRemotes() {
        return operations.remotes();
    }

    /**
     * Shows one remote. Its {@code ETag} changes only with its configuration; at the client it has none. If the process
     * is both server and client and {@code role} is missing, the answer is the server's view.
     *
     * @param name the remote's name, percent-encoded
     * @param role which role's view of the remote: {@code server} or {@code client}
     */
    @GetMapping("{name}")
    ResponseEntity<RemoteJson> getRemote(@PathVariable String name, @RequestParam Optional<String> role) {
        RemoteJson remote = find(name, role);
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (remote.role().equals(Role.SERVER.key())) {
            operations.tag(name).ifPresent(tag -> answer.eTag('"' + tag + '"'));
        }
        return answer.body(remote);
    }

    private RemoteJson find(String name, Optional<String> role) {
        return operations
                .remote(name, role.map(text -> ConnectionQuery.constant("role", Role.values(), text)))
                .orElseThrow(() -> new NotFoundException("no remote has the name " + name));
    }

    /**
     * Disconnects a remote. This closes its tunnels and resets its connections. The remote may connect again at once.
     * To prevent that, disable or remove it.
     *
     * @param name the remote's name, percent-encoded
     * @param role in which role of this process: {@code server} or {@code client}
     */
    @DeleteMapping("{name}/tunnels")
    ActionResult.Disconnected disconnectRemote(@PathVariable String name, @RequestParam Optional<String> role) {
        return new ActionResult.Disconnected(operations.disconnect(find(name, role)));
    }
}
