/// Linear thread index of a one-dimensional job whose workgroups may be split over x and y.
fn linear_thread(gid: vec3<u32>, groups: vec3<u32>, workgroup: u32) -> u32 {
  return gid.y * groups.x * workgroup + gid.x;
}

/// Threads of such a job: the stride of a loop in which each thread takes several items.
fn thread_count(groups: vec3<u32>, workgroup: u32) -> u32 {
  return groups.x * groups.y * workgroup;
}
