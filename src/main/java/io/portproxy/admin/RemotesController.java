package io.portproxy.admin;

import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The remotes: those that the proxy server knows, and the one that this process is. */
@RestController
@RequestMapping(path = "/api/v1/remotes", produces = "application/json")
class RemotesController {
    private final Operations operations;

    RemotesController(Operations operations) {
        this.operations = operations;
    }

    /** All of them, those that are away too. */
    @GetMapping
    List<RemoteJson> remotes() {
        return operations.remotes();
    }

    /**
     * One of them.
     *
     * @param name its name
     * @param role {@code server} or {@code client}, where the process is both
     */
    @GetMapping("{name}")
    RemoteJson remote(@PathVariable String name, @RequestParam Optional<String> role) {
        return operations
                .remote(name, role.map(text -> ConnectionQuery.constant("role", Role.values(), text)))
                .orElseThrow(() -> new NotFoundException("no remote has the name " + name));
    }

    /**
     * Disconnects it, and resets its connections; it may come back at once.
     *
     * @param name its name
     * @param role {@code server} or {@code client}, where the process is both
     */
    @DeleteMapping("{name}")
    Outcome.Disconnected disconnect(@PathVariable String name, @RequestParam Optional<String> role) {
        return new Outcome.Disconnected(operations.disconnect(remote(name, role)));
    }
}
